use super::Renderer;
use crate::base::{Finding, has_errors};
use crate::catalog::Schema;
use crate::input::{self, Node};

/// The key under which the data says what is true of the agencies.
const PROFILE: &str = "profile";

/// What agencies say of themselves once for all their papers: names, symbols, seat,
/// who signs.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The values, or everything that is wrong with them.
    read: Result<Node, Vec<Finding>>,
}

impl Renderer {
    /// Takes the file of a profile. What is wrong with it is found with every document
    /// that needs one, at its place in that file.
    #[must_use]
    pub fn with_profile(mut self, name: &str, bytes: &[u8]) -> Self {
        self.profile = Some(Profile { read: self.read_profile(name, bytes) });
        self
    }

    fn read_profile(&self, name: &str, bytes: &[u8]) -> Result<Node, Vec<Finding>> {
        let (source, mut node) = input::read(name, bytes)?;
        let schema = self.catalog().profile_schema();
        let schema =
            schema.map_err(|error| vec![Finding::new("CM05").with("detail", error.to_string())])?;
        let (_, findings) = input::validate(&source, &mut node, schema);
        if has_errors(&findings) { Err(findings) } else { Ok(node.without_places()) }
    }

    /// Lays the data over the profile, where the template asks for one, and names the
    /// agencies after their unit; gives what is wrong with the profile.
    pub(super) fn add_profile(&self, node: &mut Node, schema: &Schema) -> Vec<Finding> {
        if !schema.knows("", PROFILE) {
            return Vec::new();
        }
        let findings = match self.profile.as_ref().map(|profile| &profile.read) {
            Some(Ok(values)) => {
                node.lay_under(PROFILE, values.clone());
                Vec::new()
            }
            Some(Err(findings)) => findings.clone(),
            None => Vec::new(),
        };
        input::name_agencies(node);
        findings
    }
}
