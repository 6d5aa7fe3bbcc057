//! The forms of one case: one of them again and again, and all of them in a run.

use std::path::Path;
use std::time::Instant;

use vanban::catalog::{Catalog, FontSet};
use vanban::pipeline::{Format, Input, Renderer};

/// How long one filled form of one page may take, warm, on one thread, in milliseconds.
const MOST: f64 = 6.0;
/// How long all forms of a case may take in one run, in milliseconds.
const MOST_ALL: f64 = 1000.0;
/// The forms that are measured by themselves: of one page, and of two.
const FORMS: [&str; 2] = ["nd163-v-36", "nd163-v-34"];

/// The case of 500 values.
pub fn example() -> String {
    let case = "examples/case/nguoi-thanh-nien-co-noi-cu-tru.yaml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(case);
    std::fs::read_to_string(path).expect("the example is there")
}

/// The case with a number of its own for a paper, so that no two papers are the same; also
/// where the case gives the number for this paper alone. At most 99,999.
pub fn numbered(case: &str, id: &str, number: usize) -> String {
    let of_this = format!("\n  {id}: {{number: ");
    ["\nnumber: ", &of_this].into_iter().fold(case.to_owned(), |data, key| {
        let Some((before, after)) = data.split_once(key) else { return data };
        let after = after.trim_start_matches(|c: char| c.is_ascii_digit());
        format!("{before}{key}{number}{after}")
    })
}

/// Prints the figures; whether they keep to their limits.
pub fn measure() -> bool {
    let case = example();
    let renderer = Renderer::new(Catalog::builtin(), FontSet::shipped()).unwrap();
    let ids: Vec<&str> = renderer
        .catalog()
        .templates()
        .map(|template| template.manifest.id.as_str())
        .filter(|id| id.starts_with("nd163-"))
        .collect();
    let render = |id: &str, number: usize| {
        let data = numbered(&case, id, number);
        let input = Input { template: Some(id), ..Input::new("case.yaml", data.as_bytes()) };
        let start = Instant::now();
        let file =
            renderer.render(&input, Format::Pdf).unwrap_or_else(|error| panic!("{id}: {error:?}"));
        assert!(file.bytes.len() > 1000, "{id}");
        start.elapsed().as_secs_f64() * 1000.0
    };
    let first: f64 = ids.iter().map(|id| render(id, 1)).sum();
    let all: f64 = ids.iter().map(|id| render(id, 2)).sum();
    let [one, two] = FORMS.map(|form| {
        let mut times: Vec<f64> = (3..203).map(|number| render(form, number)).collect();
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    });
    println!("\nforms of a case of 500 values, warm, PDF, one thread");
    println!("  {}, one page, {one:.2} ms (at most {MOST:.0})", FORMS[0]);
    println!("  {}, two pages, {two:.2} ms", FORMS[1]);
    println!(
        "  all {} forms {all:.0} ms (at most {MOST_ALL:.0}), the first time {first:.0} ms",
        ids.len()
    );
    one <= MOST && all <= MOST_ALL
}
