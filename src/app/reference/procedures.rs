use chrono::NaiveDate;
use serde::Serialize;
use utoipa::{IntoParams, ToSchema};

use super::{Reference, ReferenceError, makes, query};
use crate::catalog::{InForce, Procedure};

/// Which procedures are asked for: those that fit everything that is given.
#[derive(Debug, Clone, Default, PartialEq, Eq, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ProcedureQuery {
    /// The id of a template that makes one of the papers.
    #[param(max_length = 200, required = false, example = "nd163-v-36")]
    pub template: Option<String>,
    /// A day on which the procedure may be used.
    #[param(value_type = Option<String>, format = Date, required = false, example = "2026-07-01")]
    pub in_force_at: Option<NaiveDate>,
    /// Words of the title or of the clause; case and marks do not count.
    #[param(max_length = 200, required = false, example = "cai nghien bat buoc")]
    pub q: Option<String>,
}

/// Procedures. Version 1.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ProcedureList)]
pub struct Procedures<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// How many there are.
    pub total: usize,
    /// The procedures, by id.
    pub procedures: Vec<ProcedureSummary<'a>>,
}

/// A procedure in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureSummary<'a> {
    /// The id that a case names, and that stands in addresses.
    #[schema(example = "D-C18")]
    pub id: &'a str,
    /// The title in Vietnamese.
    pub title: &'a str,
    /// The title in English.
    pub title_en: &'a str,
    /// Number and symbol of the legal document.
    pub law: &'a str,
    /// The clause that lists the papers.
    pub clause: &'a str,
    /// When it may be used.
    pub in_force: &'a InForce,
    /// How many papers it knows, the required and the others.
    pub papers: usize,
    /// The templates that make papers of it.
    pub templates: Vec<&'a str>,
}

/// A procedure: papers, sets and time limits. Version 1.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProcedureReport<'a> {
    /// The version of this format.
    #[schema(minimum = 1, maximum = 1)]
    pub version: u8,
    /// The procedure.
    pub procedure: &'a Procedure,
}

impl Reference {
    /// The procedures that fit.
    ///
    /// # Errors
    ///
    /// If the template is not known.
    pub fn procedures(&self, query: &ProcedureQuery) -> Result<Procedures<'_>, ReferenceError> {
        if let Some(id) = &query.template {
            self.template_of(id).map_err(|unknown| unknown.of_parameter("template"))?;
        }
        let fits = |one: &&Procedure| {
            let words = format!("{} {} {} {}", one.id, one.title, one.title_en, one.clause);
            query.template.as_deref().is_none_or(|id| makes(one, id))
                && query::holds(&one.in_force, query.in_force_at)
                && query::has(&words, query.q.as_deref())
        };
        let all = self.catalog.procedures().map(AsRef::as_ref).filter(fits);
        let procedures: Vec<_> = all.map(ProcedureSummary::of).collect();
        Ok(Procedures { version: 1, total: procedures.len(), procedures })
    }

    /// The procedure with this id.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn procedure(&self, id: &str) -> Result<ProcedureReport<'_>, ReferenceError> {
        Ok(ProcedureReport { version: 1, procedure: self.procedure_of(id)? })
    }
}

impl<'a> ProcedureSummary<'a> {
    fn of(procedure: &'a Procedure) -> Self {
        let mut templates: Vec<&str> = Vec::new();
        for id in procedure.papers.iter().filter_map(|paper| paper.template.as_deref()) {
            if !templates.contains(&id) {
                templates.push(id);
            }
        }
        Self {
            id: &procedure.id,
            title: &procedure.title,
            title_en: &procedure.title_en,
            law: &procedure.law,
            clause: &procedure.clause,
            in_force: &procedure.in_force,
            papers: procedure.papers.len(),
            templates,
        }
    }
}
