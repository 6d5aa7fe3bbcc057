use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use utoipa::ToSchema;

use crate::app::FindingView;
use crate::app::service::CrewError;
use crate::base::{Bilingual, Language};
use crate::store::StoreError;

/// A kind of problem: what its `type` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// The last part of the `type`, such as `queue-full`.
    pub id: &'static str,
    /// The status.
    pub status: u16,
    /// The title in Vietnamese.
    pub vi: &'static str,
    /// The title in English.
    pub en: &'static str,
}

macro_rules! kinds {
    ($($name:ident = $id:literal $status:literal $vi:literal $en:literal;)*) => {
        impl Kind {
            $(
                #[doc = $en]
                pub const $name: Self = Self { id: $id, status: $status, vi: $vi, en: $en };
            )*
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$name),*];
        }
    };
}

kinds! {
    MALFORMED = "malformed-request" 400 "yêu cầu không đọc được" "the request cannot be read";
    PARAMETER = "bad-parameter" 400 "tham số không hợp lệ" "a parameter is not valid";
    NO_KEY = "no-key" 401 "thiếu khóa truy cập" "no key was given";
    BAD_KEY = "bad-key" 401 "khóa truy cập không đúng" "the key is not known";
    EXPIRED_KEY = "expired-key" 401 "khóa truy cập đã hết hạn" "the key has expired";
    REVOKED_KEY = "revoked-key" 401 "khóa truy cập đã bị thu hồi" "the key was revoked";
    OUT_OF_SCOPE = "out-of-scope" 403 "khóa truy cập không có quyền này" "the key may not do this";
    HOST = "host-not-allowed" 403 "tên máy trong yêu cầu không được phép" "the host of the request is not allowed";
    NOT_FOUND = "not-found" 404 "không có địa chỉ này" "there is nothing at this address";
    TEMPLATE = "unknown-template" 404 "không có mẫu này" "there is no such template";
    PROCEDURE = "unknown-procedure" 404 "không có thủ tục này" "there is no such procedure";
    ENTRY = "unknown-entry" 404 "không có mục này" "there is no such entry";
    METHOD = "method-not-allowed" 405 "địa chỉ này không nhận phương thức đó" "this address does not take that method";
    ACCEPT = "not-acceptable" 406 "không có định dạng nào mà yêu cầu chấp nhận" "there is no format that the request accepts";
    TIMEOUT = "request-timeout" 408 "yêu cầu gửi đến quá chậm" "the request came too slowly";
    IN_FLIGHT = "idempotency-in-flight" 409 "yêu cầu cùng khóa Idempotency-Key đang được xử lý" "a request with this Idempotency-Key is being answered";
    TOO_LARGE = "body-too-large" 413 "nội dung gửi đến quá lớn" "the body is too large";
    MEDIA = "unsupported-media-type" 415 "không nhận loại nội dung này" "this type of content is not taken";
    FINDINGS = "findings" 422 "dữ liệu có lỗi" "the data has errors";
    MISMATCH = "idempotency-mismatch" 422 "khóa Idempotency-Key đã dùng cho một yêu cầu khác" "this Idempotency-Key was used for another request";
    TOO_HEAVY = "too-heavy" 422 "văn bản cần quá nhiều thời gian hoặc bộ nhớ" "the document needs too much time or memory";
    QUEUE_FULL = "queue-full" 429 "hàng đợi đã đầy" "the queue is full";
    RATE = "rate-limited" 429 "khóa này gửi quá nhiều yêu cầu" "this key asks too often";
    AT_ONCE = "too-many-at-once" 429 "khóa này có quá nhiều yêu cầu cùng lúc" "this key asks too much at once";
    INTERNAL = "internal" 500 "lỗi bên trong dịch vụ" "something went wrong in the service";
    STOPPING = "stopping" 503 "dịch vụ đang dừng" "the service is stopping";
    BUSY = "busy" 503 "dịch vụ đang quá tải" "the service is overloaded";
}

impl Kind {
    /// The kind with this id.
    pub fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.id == id)
    }

    /// The kind of a status for which nothing better is known.
    fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            404 => Self::NOT_FOUND,
            405 => Self::METHOD,
            406 => Self::ACCEPT,
            408 => Self::TIMEOUT,
            413 => Self::TOO_LARGE,
            415 => Self::MEDIA,
            status if (400..500).contains(&status) => Self::MALFORMED,
            _ => Self::INTERNAL,
        }
    }

    /// The `type`.
    pub fn path(self) -> String {
        format!("/problems/{}", self.id)
    }

    /// The title in a language.
    pub fn title(self, language: Language) -> &'static str {
        match language {
            Language::Vi => self.vi,
            Language::En => self.en,
        }
    }

    /// The status.
    pub fn status(self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

/// Why there is no answer. It becomes problem details (RFC 9457) when its language and the
/// id of the request are known.
#[derive(Debug, Clone)]
pub struct Problem {
    /// What kind.
    pub kind: Kind,
    /// What is to be said beside the title.
    pub detail: Option<Bilingual>,
    /// What is wrong with the data.
    pub findings: Vec<FindingView>,
    /// Headers that belong to it.
    pub headers: HeaderMap,
    /// What only the log is told, without a word of the data.
    pub cause: Option<String>,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(kind: Kind) -> Self {
        let mut headers = HeaderMap::new();
        if kind.status == 401 {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Self { kind, detail: None, findings: Vec::new(), headers, cause: None }
    }

    /// Says more.
    #[must_use]
    pub fn detail(mut self, vi: impl Into<String>, en: impl Into<String>) -> Self {
        self.detail = Some(Bilingual::new(vi, en));
        self
    }

    /// The same, where the words are there already.
    #[must_use]
    pub fn words(mut self, words: Bilingual) -> Self {
        self.detail = Some(words);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Says when to ask again, in seconds.
    #[must_use]
    pub fn retry_after(self, seconds: u64) -> Self {
        self.header(header::RETRY_AFTER, seconds.into())
    }

    /// Something went wrong that should not; the cause goes to the log alone.
    pub fn internal(cause: impl Into<String>) -> Self {
        Self { cause: Some(cause.into()), ..Self::new(Kind::INTERNAL) }
    }

    /// The data has errors.
    pub fn findings(findings: Vec<FindingView>) -> Self {
        let codes = || {
            let errors = findings.iter().filter(|one| one.severity == crate::base::Severity::Error);
            errors.map(|finding| finding.code.as_ref())
        };
        let kind = if codes().any(|code| code == "IN02") {
            Kind::TOO_LARGE
        } else if codes().any(|code| MALFORMED.contains(&code)) {
            Kind::MALFORMED
        } else {
            Kind::FINDINGS
        };
        Self { findings, ..Self::new(kind) }
    }

    /// There is no room in the queue.
    pub fn queue_full() -> Self {
        Self::new(Kind::QUEUE_FULL).retry_after(1)
    }

    /// The body of the answer.
    pub fn body(&self, language: Language, request_id: &str) -> ProblemBody {
        ProblemBody {
            kind: self.kind.path(),
            title: self.kind.title(language).to_owned(),
            status: self.kind.status,
            detail: self.detail.as_ref().map(|detail| detail.get(language).to_owned()),
            request_id: request_id.to_owned(),
            findings: self.findings.clone(),
        }
    }

    /// The answer, with its body in a language.
    pub fn answer(&self, language: Language, request_id: &str) -> Response {
        let body = serde_json::to_vec(&self.body(language, request_id)).unwrap_or_default();
        let mut response = Response::new(body.into());
        *response.status_mut() = self.kind.status();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.code()));
        headers.extend(self.headers.clone());
        response
    }

    /// What stands for an answer that is an error and says no more than its status.
    pub fn of_bare(response: &Response) -> Self {
        Self::new(Kind::of_status(response.status()))
    }
}

/// The media type of problem details.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Codes of findings that say that the data is no data at all: characters, syntax, size.
const MALFORMED: [&str; 9] =
    ["IN01", "IN03", "IN04", "IN05", "IN06", "IN07", "IN08", "IN09", "IN13"];

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    /// What kind of problem, as an address of this service that explains it.
    #[serde(rename = "type")]
    #[schema(example = "/problems/findings")]
    pub kind: String,
    /// What kind of problem, in words.
    pub title: String,
    /// The status.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// More about this problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id by which the log knows the request.
    pub request_id: String,
    /// What is wrong with the data, each with its place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    pub findings: Vec<FindingView>,
}

impl IntoResponse for Problem {
    /// A bare answer that carries the problem; the outermost layer, which knows language
    /// and id of the request, gives it its body.
    fn into_response(self) -> Response {
        let mut response = Response::new(axum::body::Body::empty());
        *response.status_mut() = self.kind.status();
        response.extensions_mut().insert(Carried(Box::new(self)));
        response
    }
}

/// A problem on its way out.
#[derive(Debug, Clone)]
pub(super) struct Carried(pub Box<Problem>);

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::new(Kind::BUSY).retry_after(1),
            other => Self::internal(other.to_string()),
        }
    }
}

impl From<CrewError> for Problem {
    fn from(error: CrewError) -> Self {
        match error {
            CrewError::Full => Self::queue_full(),
            CrewError::Stopping => Self::new(Kind::STOPPING).retry_after(5),
            CrewError::TooLong(limit) => Self::new(Kind::TOO_HEAVY).detail(
                format!("việc này cần hơn {} giây", limit.as_secs()),
                format!("it takes more than {} seconds", limit.as_secs()),
            ),
            CrewError::TooLarge => Self::new(Kind::TOO_HEAVY)
                .detail("việc này cần quá nhiều bộ nhớ", "it takes too much memory"),
            CrewError::Died(how) => Self::internal(format!("a worker ended: {how}")),
            // What a layout or the system said may hold words of the data.
            CrewError::Failed(_) => Self::internal("an operation of a worker failed"),
        }
    }
}
