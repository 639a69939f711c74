use super::*;

#[test]
fn runs_are_named_by_time() {
    assert_eq!(utc(0), "19700101T000000");
    assert_eq!(utc(951_782_400), "20000229T000000");
    assert_eq!(utc(1_795_236_010), "20261121T044010");
    assert!(is_run(&new_run().unwrap()));
    assert!(!is_run("../x") && !is_run("") && !is_run("a/b"));
}

#[cfg(unix)]
#[test]
fn a_record_is_private_and_round_trips() {
    use std::os::unix::fs::PermissionsExt as _;
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("chitin/fixes");
    let journal = Journal::at(&path);
    assert!(matches!(journal.read(None, None), Err(JournalError::Empty)));
    let record = RunRecord::new(Path::new("/state"), Vec::new(), Vec::new()).unwrap();
    journal.begin(&record, &[]).unwrap();
    let mode = |path: PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let run = path.join(&record.run);
    assert_eq!((mode(path.clone()), mode(run.clone())), (0o700, 0o700));
    assert_eq!(mode(run.join("record.json")), 0o600);
    assert_eq!(journal.read(None, None).unwrap(), record);
    assert_eq!(journal.read(Some(&record.run), None).unwrap(), record);
    journal.close(&record.run).unwrap();
    assert!(matches!(journal.read(None, None), Err(JournalError::Empty)));

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(matches!(
        journal.read(None, None),
        Err(JournalError::Place(PrivateDirError::Exposed(_)))
    ));
}

#[cfg(unix)]
#[test]
fn the_journal_is_never_in_an_audited_directory() {
    let home = tempfile::tempdir().unwrap();
    let state = home.path().join("state");
    std::fs::create_dir(&state).unwrap();
    std::os::unix::fs::symlink(&state, home.path().join("link")).unwrap();
    let record = RunRecord::new(Path::new("/state"), Vec::new(), Vec::new()).unwrap();
    for place in ["state/x", "link/x"] {
        let refused = Journal::at(home.path().join(place)).begin(&record, &[&state]);
        assert!(matches!(refused, Err(JournalError::Place(PrivateDirError::Inside(_)))), "{place}");
    }
    assert_eq!(std::fs::read_dir(&state).unwrap().count(), 0);
}

#[cfg(unix)]
#[test]
fn old_runs_are_removed() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::at(home.path().join("fixes"));
    let record = RunRecord::new(Path::new("/state"), Vec::new(), Vec::new()).unwrap();
    journal.begin(&record, &[]).unwrap();
    let dir = journal.open().unwrap();
    Journal::prune(&dir, SystemTime::now() + RETENTION - Duration::from_mins(1));
    assert_eq!(runs(&dir).len(), 1);
    Journal::prune(&dir, SystemTime::now() + RETENTION + Duration::from_mins(1));
    assert!(runs(&dir).is_empty());
}

#[cfg(unix)]
#[test]
fn a_run_is_undone_for_its_own_gateway_only() {
    let home = tempfile::tempdir().unwrap();
    let journal = Journal::at(home.path().join("fixes"));
    let (work, other) = (Path::new("/home/me/.openclaw-work"), Path::new("/home/me/.openclaw"));
    let record = RunRecord::new(work, Vec::new(), Vec::new()).unwrap();
    journal.begin(&record, &[]).unwrap();
    assert_eq!(journal.read(None, Some(work)).unwrap(), record);
    assert!(journal.read(None, Some(other)).is_err());
    assert!(matches!(
        journal.read(Some(&record.run), Some(other)),
        Err(JournalError::OtherGateway { .. })
    ));
}
