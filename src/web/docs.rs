use std::sync::{Arc, LazyLock};

use axum::extract::Path;
use axum::response::Response;
use http::{HeaderMap, HeaderValue, header};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::Config;

use super::cached::{self, Kept};
use super::problem::{Kind, Problem, ProblemBody};
use super::query::Parameters;
use super::state::App;
use crate::app::service::Media;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(page)).routes(routes!(file))
}

/// The page. Its parts come from this service, and nothing stands in it that a policy
/// without inline scripts and styles would forbid.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>vanban</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/index.css">
<link rel="icon" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/swagger-ui-standalone-preset.js"></script>
<script src="/docs/swagger-initializer.js"></script>
</body>
</html>
"#;

/// The parts of the page, with their media types.
const FILES: [(&str, &str); 6] = [
    ("swagger-ui.css", "text/css; charset=utf-8"),
    ("index.css", "text/css; charset=utf-8"),
    ("favicon-32x32.png", "image/png"),
    ("swagger-ui-bundle.js", "text/javascript; charset=utf-8"),
    ("swagger-ui-standalone-preset.js", "text/javascript; charset=utf-8"),
    ("swagger-initializer.js", "text/javascript; charset=utf-8"),
];

/// What the page may do: run the scripts of this service and ask it, nothing else. Icons
/// of the style sheet are `data:` addresses.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
    img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new(["/openapi.json"]);
    // Nobody else is asked whether the document is valid.
    let config = config.validator_url("none").use_base_layout();
    Arc::new(config.try_it_out_enabled(true).display_request_duration(true))
});

/// The page on which the interface can be read and tried; it needs no other service.
#[utoipa::path(get, path = "/docs", tag = "service", operation_id = "get_docs",
    responses(
        (status = 200, description = "The page", body = String, content_type = "text/html"),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn page(headers: HeaderMap, parameters: Parameters) -> Result<Response, Problem> {
    parameters.end()?;
    Ok(governed(cached::answer(&headers, Media::Html.media_type(), PAGE, Kept::Asked)))
}

/// A part of that page.
#[utoipa::path(get, path = "/docs/{file}", tag = "service", operation_id = "get_docs_file",
    params(("file" = String, Path, description = "The name of the part", example = "index.css")),
    responses(
        (status = 200, description = "The part", content(
            (String = "text/css"), (String = "text/javascript"), (Vec<u8> = "image/png"),
        )),
        (status = "4XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A problem", body = ProblemBody, content_type = "application/problem+json"),
    ))]
async fn file(
    Path(name): Path<String>,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    parameters.end()?;
    let known = FILES.iter().find(|(known, _)| *known == name);
    let (name, media) = known.ok_or_else(|| Problem::new(Kind::NOT_FOUND))?;
    let served = utoipa_swagger_ui::serve(name, CONFIG.clone());
    let served = served.map_err(|error| Problem::internal(error.to_string()))?;
    let served = served.ok_or_else(|| Problem::internal(format!("there is no `{name}`")))?;
    let mut response = cached::answer(&headers, media, served.bytes.into_owned(), Kept::Asked);
    if served.gzpipped {
        let gzip = HeaderValue::from_static("gzip");
        response.headers_mut().insert(header::CONTENT_ENCODING, gzip);
    }
    Ok(governed(response))
}

fn governed(mut response: Response) -> Response {
    let policy = HeaderValue::from_static(POLICY);
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    response
}
