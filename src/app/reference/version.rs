use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::base::Digest;
use crate::catalog::{Catalog, Laws, Units};

/// The versions of the program and of its data. Version 1.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct VersionView {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The version of the program.
    #[schema(example = "0.1.0")]
    pub program: &'static str,
    /// How many templates there are.
    pub templates: usize,
    /// A SHA-256 of all templates, by which two services with the same forms are known.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub template_set: Digest,
    /// The sets of data.
    pub data: Vec<DataSet>,
}

/// A set of data that the program carries.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DataSet {
    /// Its name: `laws`, `units`.
    #[schema(example = "laws")]
    pub name: String,
    /// The day up to which it was checked, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub as_of: Option<String>,
    /// The SHA-256 of its file.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    pub digest: Digest,
}

impl VersionView {
    pub(super) fn of(catalog: &Catalog, digests: &BTreeMap<String, Digest>) -> Self {
        let mut all = String::new();
        for (id, digest) in digests {
            all.push_str(&format!("{id} {digest}\n"));
        }
        for (path, file) in catalog.assets().below("_procedures/") {
            all.push_str(&format!("{path} {}\n", Digest::of(file)));
        }
        let data = catalog.assets().below("_data/").filter_map(|(path, file)| {
            let (name, ending) = path.strip_prefix("_data/")?.split_once('.')?;
            if !["csv", "toml"].contains(&ending) {
                return None;
            }
            let as_of = match name {
                "laws" => Some(Laws::AS_OF),
                "units" => Some(Units::CHECKED),
                _ => None,
            };
            Some(DataSet {
                name: name.to_owned(),
                as_of: as_of.map(|day| day.to_string()),
                digest: Digest::of(file),
            })
        });
        Self {
            version: 1,
            program: env!("CARGO_PKG_VERSION"),
            templates: digests.len(),
            template_set: Digest::of(all.as_bytes()),
            data: data.collect(),
        }
    }
}
