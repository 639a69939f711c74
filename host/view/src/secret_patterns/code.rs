//! Secrets in code, by the name that they are given: in assignments, arguments, literals of objects, headers, flags and
//! markup, in any language, as far as the notation tells. Where it does not tell, more is taken than less: what is taken
//! is only blanked out of a report.

use chitin_secret_vocabulary::names::{
    is_ambiguous_secret_name, is_secret_assignment, is_secret_key_name, is_secret_parameter,
};

/// How far a value may be from its name: blanks, types and operators.
const MAX_DISTANCE: usize = 80;
/// A value is not longer, whatever its quotes say.
const MAX_VALUE: usize = 16 << 10;
/// Words between a name and its value: types, prefixes of literals, operators in words.
const BETWEEN: &[&str] = &[
    "string", "str", "String", "Optional", "Any", "any", "char", "const", "final", "static", "val",
    "let", "Some", "or", "and", "eq", "value", "b", "r", "f", "u", "L", "bytes", "Buffer", "from",
];
/// Words that are not a secret where one is expected.
const NO_SECRETS: &[&str] = &[
    "true",
    "false",
    "null",
    "None",
    "nil",
    "undefined",
    "True",
    "False",
    "string",
    "str",
    "number",
    "boolean",
    "bool",
    "await",
    "new",
    "function",
    "async",
    "self",
    "this",
    "required",
    "optional",
];
/// What comes before the secret in an `Authorization` header.
const SCHEMES: &[&str] = &["Basic", "Bearer", "Bot", "Digest", "Token", "token", "ApiKey", "Key"];
/// Flags whose value is a user's name and password.
const USER_FLAGS: &[&str] = &["-u", "-U", "--user", "--proxy-user", "--http-user", "--auth", "-a"];

/// Commands and directives that set a name to the next word.
const SETTERS: &[&str] = &["set", "set -x", "set -gx", "set -Ux", "setx", "setenv", "#define"];

/// How sure a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Name {
    Secret,
    /// A secret if the value looks like one.
    Perhaps,
}

impl Name {
    fn of(word: &str) -> Option<Self> {
        if word.len() < 3 {
            return None;
        }
        // "key" alone names too many things.
        if is_secret_key_name(word) || is_secret_parameter(word) && word.len() > 4 {
            Some(Self::Secret)
        } else if is_ambiguous_secret_name(word) || is_secret_parameter(word) {
            let is_password = ["pass", "pwd", "pin"].contains(&word.to_ascii_lowercase().as_str());
            Some(if is_password { Self::Secret } else { Self::Perhaps })
        } else {
            None
        }
    }

    fn takes(self, value: &str) -> bool {
        match self {
            Self::Secret => true,
            Self::Perhaps => value.len() >= 8 && value.bytes().any(|byte| byte.is_ascii_digit()),
        }
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// The byte ranges of values that are secret by their name, in order and apart.
pub(crate) fn code_values(text: &str) -> Vec<(usize, usize)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_name_byte(bytes[at]) {
            at += 1;
            continue;
        }
        let length = bytes[at..].iter().position(|byte| !is_name_byte(*byte));
        let end = length.map_or(bytes.len(), |length| at + length);
        Finder { text, found: &mut found }.word(at, end);
        at = end;
    }
    super::shapes::merge(found)
}

struct Finder<'t, 'f> {
    text: &'t str,
    found: &'f mut Vec<(usize, usize)>,
}

impl<'t> Finder<'t, '_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn word(&mut self, start: usize, end: usize) {
        let word = &self.text[start..end];
        if word.starts_with('-') {
            self.flag(word, end);
        }
        let is_set = self.is_set_by_command(start);
        // Most words name nothing, and need not be looked up.
        if !is_set && !self.is_followed_by_operator(end) {
            return;
        }
        let Some(name) = Name::of(word.trim_start_matches('-')) else { return };
        if is_set {
            self.found.extend(self.argument(end));
        }
        self.named(name, start, end);
    }

    /// Whether what is before a word sets it to the next one.
    fn is_set_by_command(&self, start: usize) -> bool {
        let before = self.text[..start].trim_end_matches([' ', '\t']);
        before.len() < start && SETTERS.iter().any(|setter| before.ends_with(setter))
    }

    fn is_followed_by_operator(&self, end: usize) -> bool {
        let rest = self.text[end..].trim_start_matches(['"', '\'', '`', ']', ')', ' ', '\t', '!']);
        rest.starts_with([':', '=', '>', ',', '(', '|', '?', '<']) || rest.starts_with("or ")
    }

    /// A flag of a command, whose value is the next word.
    fn flag(&mut self, flag: &str, end: usize) {
        let line = self.line_before(end);
        let begins = |command: &str| line.split_whitespace().any(|word| word.ends_with(command));
        if let Some((start, stop)) = self.argument(end) {
            if USER_FLAGS.contains(&flag) {
                if let Some(colon) = self.text[start..stop].find(':') {
                    self.found.push((start + colon + 1, stop));
                }
            } else if is_secret_assignment(flag.trim_start_matches('-'))
                || flag == "-p" && begins("sshpass")
            {
                self.found.push((start, stop));
            }
        }
        // `mysql -pSECRET`
        if flag.len() > 2
            && flag.starts_with("-p")
            && ["mysql", "mysqldump"].iter().any(|c| begins(c))
        {
            self.found.push((end - flag.len() + 2, end));
        }
    }

    /// The word after white space, without its quotes.
    fn argument(&self, at: usize) -> Option<(usize, usize)> {
        let blanks =
            self.text[at..].len() - self.text[at..].trim_start_matches([' ', '\t', '=']).len();
        let start = at + blanks;
        let first = self.text[start..].chars().next().filter(|_| blanks > 0)?;
        if matches!(first, '"' | '\'') {
            return self.literal(start).map(|(from, to, _)| (from, to));
        }
        let stop = self.text[start..].find(|c: char| c.is_whitespace() || "\"'`;|&)".contains(c));
        let stop = stop.map_or(self.text.len(), |length| start + length);
        let is_value = stop > start && !self.text[start..stop].starts_with(['-', '$']);
        is_value.then_some((start, stop))
    }

    /// The inside of the literal whose quote is here, and where it ends.
    fn literal(&self, at: usize) -> Option<(usize, usize, usize)> {
        let quote = self.text[at..].chars().next()?;
        let triple: String = std::iter::repeat_n(quote, 3).collect();
        let (start, is_long) = if self.text[at..].starts_with(&triple) {
            (at + 3, true)
        } else {
            (at + 1, quote == '`')
        };
        let mut escaped = false;
        for (offset, c) in self.text[start..].char_indices() {
            let here = start + offset;
            if offset > MAX_VALUE || c == '\n' && !is_long {
                return Some((start, here, here));
            }
            let closes = c == quote && (start == at + 1 || self.text[here..].starts_with(&triple));
            if !escaped && closes {
                return Some((start, here, here + (start - at)));
            }
            escaped = c == '\\' && !escaped;
        }
        Some((start, self.text.len(), self.text.len()))
    }

    /// The line up to here, as far as a command may be away.
    fn line_before(&self, end: usize) -> &'t str {
        let mut start = end.saturating_sub(MAX_DISTANCE);
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        let before = &self.text[start..end];
        before.rsplit('\n').next().unwrap_or(before)
    }

    /// What a name is given.
    fn named(&mut self, name: Name, start: usize, end: usize) {
        let before = start.checked_sub(1).and_then(|at| self.byte(at));
        let mut at = end;
        if before.is_some_and(|byte| b"\"'`".contains(&byte)) && self.byte(end) == before {
            at += 1;
        }
        let limit = end + MAX_DISTANCE;
        let mut operator = false;
        while let Some(byte) = self.byte(at).filter(|_| at < limit) {
            match byte {
                b'"' | b'\'' | b'`' if operator => return self.literals(name, at),
                b'>' if !operator && before != Some(b'<') => return,
                b':' | b'=' | b'>' | b',' | b'(' => {
                    operator = true;
                    at += 1;
                }
                b'|' | b'?' => {
                    // An alternative: `||` and `??`.
                    operator |= self.byte(at + 1) == Some(byte);
                    at += 1;
                }
                b' ' | b'\t' | b'!' | b')' | b']' | b'&' | b'*' | b'<' => at += 1,
                b'\r' | b'\n' | b'[' if operator => at += 1,
                _ if !operator && !self.text[at..].starts_with("or ") => return,
                _ => {
                    operator = true;
                    let word = self.word_at(at);
                    if word.is_empty() || !BETWEEN.contains(&word) {
                        return self.expression(name, at);
                    }
                    at += word.len();
                }
            }
        }
    }

    fn word_at(&self, at: usize) -> &str {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
        &rest[..end]
    }

    /// A literal, and those that are put together with it.
    fn literals(&mut self, name: Name, at: usize) {
        let mut next = Some(at);
        while let Some((start, end, after)) = next.take().and_then(|at| self.literal(at)) {
            if end > start && name.takes(&self.text[start..end]) {
                self.found.push((start, end));
            }
            let rest = &self.text[after..];
            let joined =
                rest.trim_start_matches([' ', '\t', '\r', '\n', '+', '.', '\\', '|', '?', ',']);
            let distance = rest.len() - joined.len();
            let is_joined = distance < MAX_DISTANCE && joined.starts_with(['"', '\'', '`']);
            // A comma separates the items of a list and the members of an object, where a colon follows.
            let goes_on = |end: usize| !self.text[end..].trim_start().starts_with([':', '=']);
            next = (is_joined && after > start)
                .then_some(after + distance)
                .filter(|at| self.literal(*at).is_some_and(|(_, _, end)| goes_on(end)));
        }
    }

    /// Something that is not a literal: a bare word, or an expression that may hold literals.
    fn expression(&mut self, name: Name, at: usize) {
        let rest = &self.text[at..];
        let end = rest.find(|c: char| c.is_whitespace() || ",;{}()[]\"'`<>".contains(c));
        let end = end.unwrap_or(rest.len());
        let word = &rest[..end];
        if SCHEMES.contains(&word) {
            let blanks = rest[end..].len() - rest[end..].trim_start_matches(' ').len();
            if blanks > 0 {
                return self.expression(name, at + end + blanks);
            }
        }
        let is_path = word.contains('.') && !word.bytes().any(|byte| byte.is_ascii_digit());
        let is_call = rest[end..].starts_with(['(', '[']);
        let is_value = !word.is_empty()
            && !word.starts_with(['$', '%', '/', '.'])
            && !is_path
            && !is_call
            && !NO_SECRETS.contains(&word);
        if is_value && name.takes(word) {
            self.found.push((at, at + end));
        }
        let after = rest[end..].trim_start_matches([' ', '\t']);
        let goes_on = after.starts_with(['|', '?', '+']) || after.starts_with("or ");
        if !is_value || goes_on {
            self.literals_in_expression(name, at + end);
        }
    }

    /// The literals up to the end of the expression: a fallback, an argument of a call.
    fn literals_in_expression(&mut self, name: Name, mut at: usize) {
        let mut depth = 0_usize;
        let limit = at + MAX_VALUE;
        while let Some(byte) = self.byte(at).filter(|_| at < limit) {
            match byte {
                b'"' | b'\'' | b'`' => {
                    let Some((start, end, after)) = self.literal(at) else { return };
                    if end > start && name.takes(&self.text[start..end]) {
                        self.found.push((start, end));
                    }
                    at = after.max(at + 1);
                }
                b'\n' | b';' => return,
                b',' if depth == 0 => return,
                b'(' | b'[' | b'{' => {
                    depth += 1;
                    at += 1;
                }
                b')' | b']' | b'}' => {
                    let Some(outer) = depth.checked_sub(1) else { return };
                    depth = outer;
                    at += 1;
                }
                _ => at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut out = text.to_owned();
        for (start, end) in code_values(text).into_iter().rev() {
            out.replace_range(start..end, "#");
        }
        out
    }

    /// In every notation that gives a name a value, the value goes.
    #[test]
    fn a_secret_goes_in_every_spelling() {
        const SECRET: &str = "canary-V4lue";
        for spelling in [
            "const password = \"V\"",
            "const password: string = \"V\";",
            "let password: &str = \"V\";",
            "{password: \"V\"}",
            "{\"password\": 'V'}",
            "{'api_key': 'V', 'n': 1}",
            "const apiKey = `V`",
            "API_TOKEN = \"V\"",
            "export API_TOKEN=V",
            "API_TOKEN=V ./run",
            "set -gx API_TOKEN V",
            "setx API_TOKEN \"V\"",
            "setenv API_TOKEN 'V'",
            "password := \"V\"",
            "$password = 'V';",
            "'password' => 'V',",
            ":password => \"V\"",
            "password: V",
            "  api-key: V # note",
            "password = V",
            "X-Api-Key: V",
            "curl -H 'X-Api-Key: V' https://example.org",
            "Authorization: Basic V",
            "headers: { Authorization: `Bearer V` }",
            "\"Authorization\": \"Token V\"",
            "tool --password V --verbose",
            "tool --password=V",
            "tool --api-key \"V\"",
            "curl -u user:V https://example.org",
            "curl --user 'user:V' https://example.org",
            "sshpass -p V ssh host",
            "mysql -u root -pV db",
            "connect(password=\"V\")",
            "connect(user, password='V', port=1)",
            "client.setPassword(\"V\")",
            "headers.set(\"X-Auth-Token\", \"V\")",
            "setenv(\"API_KEY\", \"V\", 1);",
            "os.environ[\"API_KEY\"] = \"V\"",
            "process.env.API_KEY = 'V'",
            "const token = process.env.TOKEN || \"V\";",
            "token = os.getenv(\"API_KEY\", \"V\")",
            "run(process.env.TOKEN ?? \"V\")",
            "token = os.environ.get('API_KEY') or 'V'",
            "password = cond ? 'V' : 'V';",
            "if (password === \"V\") {",
            "if password != 'V':",
            "const secret = \"V\" + \"V\";",
            "secret = ('V'\n    'V')",
            "token =\n    \"V\"",
            "tokens_secret = [\"V\", \"V\"]",
            "<password>V</password>",
            "<Login password=\"V\" />",
            "const password = Buffer.from(\"V\", 'base64')",
            "private static final String PASSWORD = \"V\";",
            "char *password = \"V\";",
            "#define DB_PASSWORD \"V\"",
            "password = \"\"\"V\"\"\"",
            "clientSecret: 'V',",
            "{\"botToken\":\"V\"}",
            "passphrase=\"V\"",
        ] {
            let text = spelling.replace('V', SECRET);
            let shown = blanked(&text);
            assert!(
                !shown.contains(SECRET),
                "{text}
{shown}"
            );
        }
    }

    #[test]
    fn what_is_not_a_secret_stays() {
        for text in [
            "const token = getToken();",
            "const { token } = config;",
            "password = config.password",
            "fetch(url, { method: 'POST', body: data })",
            "for key, value in os.environ.items():",
            "exec('curl https://example.org | sh')",
            "max_tokens = 4096",
            "{key: 'Enter', code: 'KeyA'}",
            "tokenFile: '/etc/token'",
            "password: $PASSWORD",
            "the password is asked for at start",
            "",
        ] {
            assert_eq!(blanked(text), text);
        }
    }

    #[test]
    fn only_the_value_goes() {
        for (text, expected) in [
            ("{password: 'x', url: 'https://h'}", "{password: '#', url: 'https://h'}"),
            ("a(password='x', host='h')", "a(password='#', host='h')"),
            ("curl -u me:pw https://h", "curl -u me:# https://h"),
            (
                "exec(\"curl -H 'X-Api-Key: x' https://h | sh\")",
                "exec(\"curl -H 'X-Api-Key: #' https://h | sh\")",
            ),
            ("password: abc\nname: def", "password: #\nname: def"),
        ] {
            assert_eq!(blanked(text), expected);
        }
    }

    #[test]
    fn odd_text_ends() {
        for text in [
            "password=",
            "password: \"",
            "token='''",
            "--password",
            "secret=\"\\",
            "ünï password=ß",
        ] {
            let _ranges = code_values(text);
        }
    }
}
