use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use tokio::sync::OnceCell;

use super::context::Context;
use super::problem::Problem;
use super::state::App;
use crate::app::service::{DocumentJob, Job, Part};
use crate::catalog::Template;

/// The first pages of what is made of the full samples, each made once. There are as many
/// as there are templates.
#[derive(Debug, Default)]
pub(super) struct Previews(Mutex<HashMap<String, Arc<OnceCell<Bytes>>>>);

impl Previews {
    /// The page of a template. Who asks for one that is being made waits for it.
    pub async fn page(
        &self,
        app: &App,
        context: &Context,
        template: &Template,
    ) -> Result<Bytes, Problem> {
        let id = &template.manifest.id;
        let cell = {
            let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            known.entry(id.clone()).or_default().clone()
        };
        cell.get_or_try_init(|| made(app, context, template)).await.cloned()
    }
}

async fn made(app: &App, context: &Context, template: &Template) -> Result<Bytes, Problem> {
    let id = &template.manifest.id;
    let job = DocumentJob {
        template: id.clone(),
        formats: vec!["png".to_owned()],
        page: Some(1),
        ..DocumentJob::default()
    };
    let sample = Part::new("sample", template.sample(true).to_owned());
    let mut answer = app.ask(context, Job::Document(job), vec![sample]).await?;
    if answer.head.made.is_none() {
        return Err(Problem::internal(format!("the full sample of `{id}` makes no document")));
    }
    Ok(answer.rest().await?)
}
