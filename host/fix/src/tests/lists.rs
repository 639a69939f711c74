//! Permissions as on Windows: the same rows in the same order, each as one call of a program. Here it is a script that
//! records how it is called.

use super::super::icacls::Icacls;
use super::super::plan::PermissionBackend;
use super::*;

const USER: &str = "*S-1-5-21-1-2-3-1001";

/// The lines that the script recorded.
fn calls(root: &Path) -> Vec<String> {
    let noted = fs::read_to_string(root.join("calls")).unwrap_or_default();
    noted.lines().map(str::to_owned).collect()
}

fn applied(root: &Path, user: Option<&str>, exit: u8) -> Applied {
    let program = root.join("icacls");
    let script = format!(
        "#!/bin/sh\nfor argument; do printf '<%s>' \"$argument\"; done >>'{0}'\n\
        echo >>'{0}'\nexit {exit}\n",
        root.join("calls").display()
    );
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, Permissions::from_mode(0o700)).unwrap();
    let icacls = Icacls { program: program.display().to_string(), user: user.map(str::to_owned) };
    let mut plan = plan(&inputs(root), &[]);
    plan.values.clear();
    plan.backend = PermissionBackend::Icacls(icacls);
    apply(&plan, &journal(root), &NoFailpoints).unwrap()
}

#[test]
fn rows_of_the_plan_become_calls_in_the_same_order() {
    let place = gateway();
    let root = place.path();
    let rows: Vec<PathBuf> =
        plan(&inputs(root), &[]).modes.iter().map(|row| row.target.path()).collect();
    let done = applied(root, Some(USER), 0);
    assert_eq!(
        done.actions.iter().map(|action| &action.path).collect::<Vec<_>>(),
        rows.iter().collect::<Vec<_>>()
    );

    let (file, directory) = (
        format!("</inheritance:r></grant:r><{USER}:F></grant:r><*S-1-5-18:F>"),
        format!("</inheritance:r></grant:r><{USER}:(OI)(CI)F></grant:r><*S-1-5-18:(OI)(CI)F>"),
    );
    let state = root.join("state").display().to_string();
    assert_eq!(
        calls(root),
        [
            format!("<{state}>{directory}"),
            format!("<{state}/openclaw.json>{file}"),
            format!("<{state}/more.json5>{file}"),
            format!("<{state}/credentials>{directory}"),
            format!("<{state}/credentials/a.json>{file}"),
        ]
    );
    for action in &done.actions {
        let Verb::Icacls { command } = &action.verb else { panic!("{action:?}") };
        let start = format!("{} /inheritance:r /grant:r \"{USER}:", action.path.display());
        assert!(command.contains(&start), "{command}");
        assert_ne!(action.ok, action.skipped == Some("missing"), "{action:?}");
    }
    // There is no `already`, and nothing that could be undone.
    assert_eq!(done.run, None);
    assert_eq!(applied(root, Some(USER), 0).actions, done.actions);
}

#[test]
fn only_plain_files_and_directories_are_passed_to_the_program() {
    let place = gateway();
    let root = place.path();
    let credentials = root.join("state/credentials");
    fs::rename(&credentials, root.join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(root.join("elsewhere"), &credentials).unwrap();
    fs::create_dir_all(root.join("state/agents/main/agent/auth-profiles.json")).unwrap();
    fs::hard_link(root.join("state/more.json5"), root.join("second")).unwrap();
    let done = applied(root, Some(USER), 0);
    let of = |name: &str| {
        let path = root.join("state").join(name);
        let action = done.actions.iter().find(|action| action.path == path).unwrap();
        (action.skipped, action.error.is_some())
    };
    assert_eq!(of("credentials"), (Some("symlink"), false));
    assert_eq!(of("agents/main/agent/auth-profiles.json"), (Some("not-a-file"), false));
    assert_eq!(of("more.json5"), (None, true));
    assert!(!calls(root).iter().any(|call| call.contains("credentials") || call.contains("more")));
}

#[test]
fn without_a_user_nothing_is_called_and_a_failure_is_reported() {
    let place = gateway();
    let done = applied(place.path(), None, 0);
    assert_eq!(done.actions[0].skipped, Some("missing-user"));
    assert!(calls(place.path()).is_empty());

    let done = applied(place.path(), Some(USER), 5);
    assert!(done.actions[0].error.as_ref().unwrap().starts_with("icacls failed"), "{done:?}");
    assert!(done.ok(), "a permission that cannot be set does not affect the rest");
}
