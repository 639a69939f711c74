//! Seccomp: the system calls that the engine needs after its start, with the arguments that it needs. Any other ends the
//! process. Reading and writing are limited to the two pipes, so nothing inherited is of use either.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
    SeccompRule, TargetArch,
};

use super::{Code, Enforcement};

/// Calls that may have any arguments: memory, signals of the engine's own traps, time, the end.
const FREE: &[libc::c_long] = &[
    libc::SYS_brk,
    libc::SYS_clock_getres,
    libc::SYS_clock_gettime,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_getrandom,
    libc::SYS_gettid,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    libc::SYS_restart_syscall,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_sigaltstack,
];

type Rules = BTreeMap<i64, Vec<SeccompRule>>;

pub(super) fn restrict(code: Code) -> Enforcement {
    match program(code).and_then(|program| seccompiler::apply_filter_all_threads(&program).ok()) {
        Some(()) => Enforcement::Full,
        None => Enforcement::None,
    }
}

/// None for a processor that the filter's language does not know.
fn program(code: Code) -> Option<BpfProgram> {
    let architecture = TargetArch::try_from(std::env::consts::ARCH).ok()?;
    let rules = rules(code).ok()?;
    SeccompFilter::new(rules, SeccompAction::KillProcess, SeccompAction::Allow, architecture)
        .and_then(BpfProgram::try_from)
        .ok()
}

fn rules(code: Code) -> Result<Rules, seccompiler::BackendError> {
    let own_process = u64::from(std::process::id());
    let mut rules: Rules = FREE.iter().map(|call| (number(*call), Vec::new())).collect();
    rules.insert(number(libc::SYS_read), vec![all([equal(0, 0)?])?]);
    // Standard error leads nowhere; a panic that cannot be told should still end as a panic.
    rules.insert(number(libc::SYS_write), vec![all([equal(0, 1)?])?, all([equal(0, 2)?])?]);
    // How a program ends that panics or runs out of memory.
    rules.insert(number(libc::SYS_tgkill), vec![all([equal(0, own_process)?])?]);
    // Memory of no file, and never executable at once.
    rules.insert(
        number(libc::SYS_mmap),
        vec![all([
            masked(2, libc::PROT_EXEC, 0)?,
            masked(3, libc::MAP_ANONYMOUS, libc::MAP_ANONYMOUS)?,
        ])?],
    );
    let mut protect = vec![all([masked(2, libc::PROT_EXEC, 0)?])?];
    if code == Code::MayAppear {
        // Executable and not writable.
        protect.push(all([masked(2, libc::PROT_WRITE, 0)?])?);
        // And one more filter, which can take away and not give.
        let no_new_privileges = u64::from(libc::PR_SET_NO_NEW_PRIVS.unsigned_abs());
        rules.insert(number(libc::SYS_prctl), vec![all([equal(0, no_new_privileges)?])?]);
        let set_filter = u64::from(libc::SECCOMP_SET_MODE_FILTER);
        rules.insert(number(libc::SYS_seccomp), vec![all([equal(0, set_filter)?])?]);
    }
    rules.insert(number(libc::SYS_mprotect), protect);
    Ok(rules)
}

#[allow(clippy::useless_conversion)] // A `c_long` has 32 bits on some systems.
fn number(call: libc::c_long) -> i64 {
    i64::from(call)
}

fn all<const N: usize>(
    conditions: [SeccompCondition; N],
) -> Result<SeccompRule, seccompiler::BackendError> {
    SeccompRule::new(conditions.into())
}

fn equal(argument: u8, value: u64) -> Result<SeccompCondition, seccompiler::BackendError> {
    SeccompCondition::new(argument, SeccompCmpArgLen::Qword, SeccompCmpOp::Eq, value)
}

/// The argument has these bits of those under the mask.
fn masked(
    argument: u8,
    mask: libc::c_int,
    bits: libc::c_int,
) -> Result<SeccompCondition, seccompiler::BackendError> {
    let wide = |bits: libc::c_int| u64::from(bits.unsigned_abs());
    SeccompCondition::new(
        argument,
        SeccompCmpArgLen::Dword,
        SeccompCmpOp::MaskedEq(wide(mask)),
        wide(bits),
    )
}
