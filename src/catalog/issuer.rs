use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who issues the paper that a form becomes. A paper of no certain issuer, such as a
/// letter, has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Issuer {
    /// The police of a commune or its head.
    CommunePolice,
    /// The people's committee of a commune or its chairman.
    CommuneCommittee,
    /// A facility of rehabilitation or treatment.
    Facility,
    /// A person: an application, a commitment, a statement.
    Citizen,
    /// Those who took part: minutes.
    Minutes,
    /// Another agency or organisation.
    Other,
}

impl Issuer {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::CommunePolice,
        Self::CommuneCommittee,
        Self::Facility,
        Self::Citizen,
        Self::Minutes,
        Self::Other,
    ];

    /// The name, as manifests write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CommunePolice => "commune_police",
            Self::CommuneCommittee => "commune_committee",
            Self::Facility => "facility",
            Self::Citizen => "citizen",
            Self::Minutes => "minutes",
            Self::Other => "other",
        }
    }
}

impl FromStr for Issuer {
    type Err = UnknownIssuer;

    fn from_str(text: &str) -> Result<Self, UnknownIssuer> {
        Self::ALL.into_iter().find(|one| one.name() == text).ok_or(UnknownIssuer)
    }
}

/// That a name is that of no [`Issuer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected one of `commune_police`, `commune_committee`, `facility`, `citizen`, `minutes`, `other`"
)]
pub struct UnknownIssuer;

#[cfg(test)]
mod tests {
    use super::Issuer;

    #[test]
    fn issuers_have_the_names_of_manifests() {
        for issuer in Issuer::ALL {
            assert_eq!(serde_json::to_value(issuer).unwrap(), issuer.name());
            assert_eq!(issuer.name().parse(), Ok(issuer));
        }
    }
}
