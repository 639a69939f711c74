//! What the constants need of a manifest.

use toml::{Table, Value};

/// The names of severities in a manifest and in the SDK.
const SEVERITIES: [(&str, &str); 3] =
    [("info", "Info"), ("warn", "Warn"), ("critical", "Critical")];

pub(crate) struct Manifest {
    pub(crate) id: String,
    pub(crate) rules: Vec<DeclaredRule>,
}

pub(crate) struct DeclaredRule {
    pub(crate) id: String,
    pub(crate) title: String,
    /// At least one, as the SDK spells them.
    pub(crate) severities: Vec<&'static str>,
}

impl Manifest {
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let table: Table = text.parse().map_err(|error| format!("module.toml: {error}"))?;
        let id = string(&table, "id").map_err(|problem| format!("module.toml: {problem}"))?;
        let rules = match table.get("rule") {
            None => &[],
            Some(Value::Array(rules)) => rules.as_slice(),
            Some(_) => return Err("module.toml: write rules as `[[rule]]`".to_owned()),
        };
        let rules = rules.iter().enumerate().map(|(index, rule)| {
            DeclaredRule::of(rule).map_err(|problem| {
                let id = rule.get("id").and_then(Value::as_str);
                let name =
                    id.map_or_else(|| format!("number {}", index + 1), |id| format!("`{id}`"));
                format!("module.toml: rule {name}: {problem}")
            })
        });
        Ok(Self { id, rules: rules.collect::<Result<_, _>>()? })
    }
}

impl DeclaredRule {
    fn of(rule: &Value) -> Result<Self, String> {
        let rule = rule.as_table().ok_or("write it as a table, `[[rule]]`")?;
        let severities = rule
            .get("severities")
            .and_then(Value::as_array)
            .filter(|severities| !severities.is_empty())
            .ok_or("`severities` has to list at least one severity")?;
        Ok(Self {
            id: string(rule, "id")?,
            title: string(rule, "title")?,
            severities: severities.iter().map(severity).collect::<Result<_, _>>()?,
        })
    }
}

fn string(table: &Table, key: &str) -> Result<String, String> {
    let text = table.get(key).and_then(Value::as_str).filter(|text| !text.is_empty());
    text.map(str::to_owned).ok_or_else(|| format!("`{key}` has to be a text"))
}

fn severity(value: &Value) -> Result<&'static str, String> {
    SEVERITIES
        .into_iter()
        .find(|(name, _)| value.as_str() == Some(name))
        .map(|(_, variant)| variant)
        .ok_or_else(|| {
            format!("{value} is not a severity; those are `info`, `warn` and `critical`")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        Manifest::parse(text).err().unwrap_or_default()
    }

    #[test]
    fn reads_id_title_and_severities() {
        let text = "id = \"a.b\"\n[[rule]]\nid = \"b.c\"\ntitle = \"T\"\nseverities = [\"warn\", \"info\"]\nwhy = \"w\"";
        let manifest = Manifest::parse(text).unwrap();
        assert_eq!(manifest.id, "a.b");
        let rule = &manifest.rules[0];
        assert_eq!((rule.id.as_str(), rule.title.as_str()), ("b.c", "T"));
        assert_eq!(rule.severities, ["Warn", "Info"]);
        assert!(Manifest::parse("id = \"scanner\"").unwrap().rules.is_empty());
    }

    #[test]
    fn names_the_rule_and_the_key_that_are_wrong() {
        assert!(problem("id = ").starts_with("module.toml: TOML parse error at line 1"));
        assert_eq!(problem("x = 1"), "module.toml: `id` has to be a text");
        assert_eq!(
            problem("id = \"a\"\n[rule]\nid = \"b.c\""),
            "module.toml: write rules as `[[rule]]`"
        );
        assert_eq!(
            problem("id = \"a\"\n[[rule]]\nid = \"b.c\"\nseverities = [\"warn\"]"),
            "module.toml: rule `b.c`: `title` has to be a text"
        );
        assert_eq!(
            problem("id = \"a\"\n[[rule]]\nseverities = []"),
            "module.toml: rule number 1: `severities` has to list at least one severity"
        );
        assert!(problem("id = \"a\"\n[[rule]]\nid = \"b.c\"\ntitle = \"T\"\nseverities = [\"high\"]").contains(
            "rule `b.c`: \"high\" is not a severity; those are `info`, `warn` and `critical`"
        ));
    }
}
