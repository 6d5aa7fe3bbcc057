use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::base::Bilingual;

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
    /// The issuer in words.
    pub fn words(self) -> Bilingual {
        let (vi, en) = match self {
            Self::CommunePolice => ("Công an cấp xã", "the commune police"),
            Self::CommuneCommittee => {
                ("Ủy ban nhân dân cấp xã", "the people's committee of the commune")
            }
            Self::Facility => ("cơ sở cai nghiện, cơ sở điều trị", "a facility"),
            Self::Citizen => ("công dân", "a citizen"),
            Self::Minutes => ("những người cùng lập biên bản", "those who wrote the minutes"),
            Self::Other => ("cơ quan, tổ chức khác", "another agency or organisation"),
        };
        Bilingual::new(vi, en)
    }
}
