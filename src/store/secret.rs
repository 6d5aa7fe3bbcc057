use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::base::Digest;

/// What every key begins with, so that it is recognised where it does not belong.
const PREFIX: &str = "vb_";

/// A key as a caller sends it: `vb_`, its id, `_` and 32 random bytes as base64url.
///
/// It is known once, when it is made; the store keeps a hash of it. It does not print
/// itself: [`Secret::text`] must be asked for.
pub struct Secret {
    id: String,
    bytes: [u8; 32],
}

impl Secret {
    /// A key from bytes that nobody can guess: 8 for the id, 32 for the secret.
    pub fn new(id: [u8; 8], bytes: [u8; 32]) -> Self {
        let id = format!("{:016x}", u64::from_be_bytes(id));
        Self { id, bytes }
    }

    /// Reads a key; none if it cannot be one.
    pub fn parse(text: &str) -> Option<Self> {
        let (id, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        if !is_id(id) || secret.len() != 43 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(secret).ok()?;
        Some(Self { id: id.to_owned(), bytes: bytes.try_into().ok()? })
    }

    /// The public part.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key, for the one who will use it.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}_{}", self.id, URL_SAFE_NO_PAD.encode(self.bytes))
    }

    pub(super) fn digest(&self) -> Digest {
        Digest::of(&self.bytes)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({PREFIX}{}_…)", self.id)
    }
}

/// Whether a text is an id of a key: 16 hexadecimal digits.
pub(super) fn is_id(text: &str) -> bool {
    text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_in_one_spelling_only() {
        let secret = Secret::new([0xAB; 8], [0xFF; 32]);
        let text = secret.text();
        assert_eq!(text, format!("vb_abababababababab_{}8", "_".repeat(42)));
        let read = Secret::parse(&text).unwrap();
        assert_eq!((read.id, read.bytes), (secret.id.clone(), secret.bytes));
        assert_eq!(format!("{secret:?}"), "Secret(vb_abababababababab_…)");
        let (head, last) = text.split_at(text.len() - 1);
        assert_eq!(last, "8");
        for wrong in [
            // The last digit has bits that no byte uses.
            format!("{head}9"),
            format!("{text}="),
            head.to_owned(),
            text.replace("vb_", "vc_"),
            text.replace("abab", "ABAB"),
            format!(" {text}"),
            "vb__".to_owned(),
            String::new(),
        ] {
            assert!(Secret::parse(&wrong).is_none(), "{wrong}");
        }
    }
}
