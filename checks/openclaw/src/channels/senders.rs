//! Senders as providers write them, made comparable: the same person in two spellings is one.

use chitin_document::text;

/// How a provider writes its senders.
#[derive(Debug, Clone, Copy)]
pub struct Senders {
    /// Prefixes that say nothing, in any case. Of each step at most one is taken off.
    pub prefixes: &'static [&'static [&'static str]],
    pub form: SenderForm,
}

/// What is left when the prefixes are off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderForm {
    Verbatim,
    LowerCase,
    /// `<@id>` or `<@!id>` means the id.
    Mention,
    /// A telephone number: digits behind a `+`.
    Telephone,
    /// A public key, in hexadecimal or as `npub`.
    PublicKey,
}

impl Senders {
    /// Of a provider that is not known.
    pub(super) const VERBATIM: Self = Self::verbatim(&[]);

    pub(super) const fn verbatim(prefixes: &'static [&'static [&'static str]]) -> Self {
        Self { prefixes, form: SenderForm::Verbatim }
    }

    /// A sender in the form in which two spellings of one are equal.
    pub fn normalized(&self, entry: &str) -> String {
        let bare =
            self.prefixes.iter().fold(text::trim(entry), |rest, step| without_prefix(step, rest));
        match self.form {
            SenderForm::Verbatim => bare.to_owned(),
            SenderForm::LowerCase => bare.to_lowercase(),
            SenderForm::Mention => mentioned(bare).unwrap_or(bare).to_owned(),
            SenderForm::Telephone => telephone(bare),
            SenderForm::PublicKey => public_key(bare),
        }
    }
}

/// Takes the first of some prefixes off, in whatever case, and trims what is left.
pub(super) fn without_prefix<'a>(prefixes: &[&str], entry: &'a str) -> &'a str {
    let rest = prefixes.iter().find_map(|prefix| {
        let head = entry.get(..prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then(|| entry.get(prefix.len()..)).flatten()
    });
    text::trim(rest.unwrap_or(entry))
}

/// The id in a mention of the form `<@id>` or `<@!id>`.
pub(super) fn mentioned(entry: &str) -> Option<&str> {
    let inner = entry.strip_prefix("<@")?.strip_suffix('>')?;
    Some(inner.strip_prefix('!').unwrap_or(inner))
}

/// Text without a digit is not a number and stays what it is.
fn telephone(entry: &str) -> String {
    let digits: String = entry.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() { entry.to_lowercase() } else { format!("+{digits}") }
}

fn public_key(entry: &str) -> String {
    let lower = entry.to_lowercase();
    lower.strip_prefix("npub1").and_then(bech32_bytes).unwrap_or(lower)
}

/// The 32 bytes that bech32 characters stand for, in hexadecimal. The checksum, six characters, is not verified.
fn bech32_bytes(data: &str) -> Option<String> {
    const ALPHABET: &str = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const CHARACTERS: usize = 58;
    if data.len() != CHARACTERS || !data.is_ascii() {
        return None;
    }
    let mut hex = String::new();
    let (mut bits, mut held) = (0_u32, 0_u32);
    for c in data.chars().take(CHARACTERS - 6) {
        bits = ((bits << 5) | u32::try_from(ALPHABET.find(c)?).ok()?) & 0xfff;
        held += 5;
        if held >= 8 {
            held -= 8;
            let byte = (bits >> held) & 0xff;
            hex.push(char::from_digit(byte >> 4, 16)?);
            hex.push(char::from_digit(byte & 0xf, 16)?);
        }
    }
    Some(hex)
}

#[cfg(test)]
mod tests {
    use super::super::provider_of;

    #[track_caller]
    fn same(channel: &str, spellings: &[&str], sender: &str) {
        for spelling in spellings {
            assert_eq!(provider_of(channel).senders.normalized(spelling), sender, "{channel}");
        }
    }

    #[test]
    fn case_matters_where_the_provider_says_so() {
        same("telegram", &["A"], "A");
        same("telegram", &["a"], "a");
        same("unknown", &["X:1 "], "X:1");
        same("unknown", &["1", " 1"], "1");
    }

    #[test]
    fn text_without_digits_is_not_a_telephone_number() {
        same("signal", &["uuid-X"], "uuid-x");
    }

    #[test]
    fn text_of_several_bytes_a_character_is_left_alone() {
        same("telegram", &["télé"], "télé");
        same("telegram", &["\u{1f600}"], "\u{1f600}");
    }
}
