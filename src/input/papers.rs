use super::{Entry, Node, NodeValue};

/// The key under which a case says what is true of one paper alone.
pub const PAPERS: &str = "papers";

/// Takes what a case says of single papers out of the data, and lays what it says
/// of this one over the rest: `papers.ID.minutes.place` is then `minutes.place`.
///
/// Values keep their places in the file. What is said of other papers is gone; it
/// counts when they are made. Gives the keys, for the caller knows which papers
/// there are. Values that are no objects are left for the schema to refuse.
pub fn own_values(node: &mut Node, id: &str) -> Vec<Entry> {
    let NodeValue::Object(entries) = &mut node.value else { return Vec::new() };
    let Some(at) = entries.iter().position(|entry| entry.key == PAPERS) else { return Vec::new() };
    let is_object = |node: &Node| matches!(node.value, NodeValue::Object(_));
    let papers = &entries[at].node;
    if !is_object(papers) || !papers.entries().iter().all(|entry| is_object(&entry.node)) {
        return Vec::new();
    }
    let NodeValue::Object(papers) = entries.remove(at).node.value else { return Vec::new() };
    if let Some(own) = papers.iter().find(|entry| entry.key == id) {
        node.lay_over(own.node.clone());
    }
    papers
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(yaml: &str) -> Node {
        crate::input::read("x.yaml", yaml.as_bytes()).expect("well-formed").1
    }

    #[test]
    fn what_is_said_of_a_paper_goes_before_what_is_said_of_all() {
        let yaml = "date: 2026\nminutes: {place: a, copies: 2}\nofficers: [x, y]\npapers:\n  \
                    v-34: {date: 2027, minutes: {place: b}, officers: [z], number: 1}\n  v-42: {}\n";
        let mut node = read(yaml);
        let keys: Vec<_> = own_values(&mut node, "v-34").into_iter().map(|one| one.key).collect();
        assert_eq!(keys, ["v-34", "v-42"]);
        let merged = json!({
            "date": 2027, "minutes": {"place": "b", "copies": 2}, "officers": ["z"], "number": 1
        });
        assert_eq!(node.to_json(), merged);
        let place = node.at("/minutes/place").expect("it has one").span.clone();
        assert_eq!(&yaml[place], "b", "a finding about it points at what counts");
        let mut other = read(yaml);
        own_values(&mut other, "v-42");
        assert_eq!(other.to_json()["minutes"], json!({"place": "a", "copies": 2}));
    }

    #[test]
    fn what_is_no_object_is_left_for_the_schema() {
        for yaml in ["papers: 3\n", "papers: {v-34: 3}\n", "papers:\n"] {
            let mut node = read(yaml);
            assert!(own_values(&mut node, "v-34").is_empty());
            assert!(node.child(PAPERS).is_some(), "{yaml}");
        }
    }
}
