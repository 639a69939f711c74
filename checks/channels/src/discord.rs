//! Rules for Discord: names among the senders, who may use native commands, who may write in allowed servers.

use chitin_openclaw::channels::{Native, locale_order, provider_of};
use chitin_sdk::{Finding, Node, Outcome, Severity, text};

use crate::account_context::{AccountContext, NAME_SWITCH, SharedContext};
use crate::findings::{Findings, examples};
use crate::rule;
use crate::sender_ids::distinct;

pub(crate) const CHANNEL: &str = "discord";

/// Most places that are listed in one finding.
const SHOWN_PLACES: usize = 20;

/// A server, or a channel of one, as the config lists it.
struct Target<'t> {
    path: String,
    guild: Node<'t>,
    channel: Option<Node<'t>>,
}

impl<'t> Target<'t> {
    fn place(&self) -> &Node<'t> {
        self.channel.as_ref().unwrap_or(&self.guild)
    }

    /// A setting of the channel, else of its server.
    fn get(&self, key: &str) -> Node<'t> {
        let own = self.channel.as_ref().map(|channel| channel.get(key));
        own.filter(|own| !own.is_nullish()).unwrap_or_else(|| self.guild.get(key))
    }

    /// Some users or roles are named, without a wildcard.
    fn is_narrow(&self) -> bool {
        let mut named = self.get("users").printed_items();
        named.extend(self.get("roles").printed_items());
        !named.is_empty() && !named.iter().any(|entry| entry == "*")
    }
}

/// Every server and every channel of one, servers first among their own.
fn places<'t>(context: &AccountContext<'t>) -> Vec<Target<'t>> {
    let prefix = context.account.prefix();
    let mut places = Vec::new();
    for (name, guild) in context.account.get("guilds").members() {
        let path = format!("{prefix}.guilds.{name}");
        places.push(Target { path: path.clone(), guild: guild.clone(), channel: None });
        places.extend(guild.get("channels").members().into_iter().map(|(key, channel)| Target {
            path: format!("{path}.channels.{key}"),
            guild: guild.clone(),
            channel: Some(channel),
        }));
    }
    places
}

fn is_name(entry: &str) -> bool {
    provider_of(CHANNEL).is_mutable_name.is_some_and(|is_mutable| is_mutable(entry))
}

fn is_discord(context: &AccountContext<'_>) -> bool {
    context.channel() == CHANNEL
}

/// Entries that are names, in any list of senders.
pub(crate) fn names<'t>(
    context: &AccountContext<'t>,
    _: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    if !is_discord(context) {
        return Ok(());
    }
    let prefix = context.account.prefix();
    let dm = context.account.get("dm");
    let mut lists = vec![
        (format!("{prefix}.allowFrom"), context.account.get("allowFrom")),
        (format!("{prefix}.dm.allowFrom"), dm.get("allowFrom")),
    ];
    let of_place = |target: Target<'t>| {
        let users = target.place().get("users");
        (format!("{}.users", target.path), users)
    };
    lists.extend(places(context).into_iter().map(of_place));
    let mut named: Vec<String> = Vec::new();
    let mut where_found: Vec<Node<'t>> = Vec::new();
    for (label, list) in lists {
        let entries = list.printed_items().into_iter().filter(|entry| is_name(entry));
        let before = named.len();
        named.extend(entries.map(|name| format!("{label}:{name}")));
        if named.len() > before {
            where_found.push(list);
        }
    }
    let paired = context.paired()?.iter().filter(|entry| is_name(entry));
    named.extend(paired.map(|name| format!("pairing store:{name}")));
    let named = distinct(named);
    if named.is_empty() {
        return Ok(());
    }
    let matching = context.account.get(NAME_SWITCH).is_true();
    let (severity, effect) = if matching {
        (
            Severity::Info,
            "They count, because names are matched: anyone who takes such a name is let in.",
        )
    } else {
        (Severity::Warn, "While names are not matched, they admit no one.")
    };
    let finding = rule::DISCORD_ALLOW_FROM_NAME_BASED_ENTRIES
        .finding_at(severity)
        .detail(format!(
            "{}, which a Discord user can change at any time: {}. {effect}",
            text::count(named.len(), "entry is a name", "entries are names"),
            examples(&named)
        ))
        .remediation("Replace names with stable Discord ids (the number, or user:<id>, or <@id>).");
    findings.add(where_found.iter().take(SHOWN_PLACES).fold(finding, Finding::at));
    Ok(())
}

/// Native commands or skills are offered in listed servers that name no users.
fn offers_commands_to_all<'t>(context: &AccountContext<'t>, shared: &SharedContext<'t>) -> bool {
    let own = context.account.get("commands");
    let offers = [Native::Commands, Native::Skills]
        .iter()
        .any(|native| native.is_on(CHANNEL, &own, &shared.commands));
    let guilds = context.account.get("guilds");
    offers
        && context.group_policy(shared) != "disabled"
        && guilds.has_members()
        && !places(context).iter().any(|target| !target.place().get("users").items().is_empty())
}

/// Native commands without access groups.
pub(crate) fn unrestricted_commands<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    let switch = shared.commands.get("useAccessGroups");
    if !is_discord(context) || !switch.is_false() || !offers_commands_to_all(context, shared) {
        return;
    }
    findings.add(
        rule::DISCORD_COMMANDS_NATIVE_UNRESTRICTED.finding()
            .detail(
                "commands.useAccessGroups=false turns the sender check for native commands off, and no Discord server \
                 or channel names its users: every member of a listed server can use /… commands.",
            )
            .remediation(
                "Set commands.useAccessGroups=true, or name users in channels.discord.guilds.<id>.users or \
                 channels.discord.guilds.<id>.channels.<channel>.users.",
            )
            .at(&switch)
            .at(&context.account.get("guilds")),
    );
}

/// Native commands without a list of who may use them.
pub(crate) fn commands_without_lists<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) -> Outcome {
    let switch = shared.commands.get("useAccessGroups");
    if !is_discord(context) || switch.is_false() || !offers_commands_to_all(context, shared) {
        return Ok(());
    }
    let has_owner =
        !context.account.allow_from().texts().is_empty() || !context.paired()?.is_empty();
    if has_owner {
        return Ok(());
    }
    findings.add(
        rule::DISCORD_COMMANDS_NATIVE_NO_ALLOWLISTS.finding()
            .detail(
                "Discord native commands are on in the listed servers, and neither an owner list nor a list of users of \
                 a server or channel is configured: /… commands are refused for everyone until a policy changes.",
            )
            .remediation(
                "Add your user id to channels.discord.allowFrom or approve yourself by pairing, or name users in \
                 channels.discord.guilds.<id>.users.",
            )
            .at(&context.account.get("guilds")),
    );
    Ok(())
}

/// Allowed servers and channels in which every member counts.
pub(crate) fn broad_members<'t>(
    context: &AccountContext<'t>,
    shared: &SharedContext<'t>,
    findings: &mut Findings,
) {
    if !is_discord(context) || context.group_policy(shared) != "allowlist" {
        return;
    }
    let mut broad: Vec<Target<'t>> = places(context)
        .into_iter()
        .filter(|target| is_target(target) && !target.is_narrow())
        .collect();
    if broad.is_empty() {
        return;
    }
    broad.sort_by(|left, right| locale_order(&left.path, &right.path));
    let paths: Vec<&String> = broad.iter().map(|target| &target.path).collect();
    let finding = rule::DISCORD_ALLOWLISTED_GROUPS_BROAD_MEMBERS
        .finding()
        .detail(format!(
            "{} no users or roles, or \"*\", so every member there can trigger the bot:\n{}",
            text::count(broad.len(), "allowed place names", "allowed places name"),
            text::bullets(&paths, SHOWN_PLACES)
        ))
        .remediation("Name the wanted people in `users` or `roles` of each server or channel.");
    let places = broad.iter().take(SHOWN_PLACES).map(Target::place);
    findings.add(places.fold(finding, Finding::at));
}

/// A channel that is not turned off, or a server that lists no channels.
fn is_target(target: &Target<'_>) -> bool {
    match &target.channel {
        Some(channel) => !channel.get("enabled").is_false(),
        None => !target.guild.get("channels").has_members(),
    }
}
