package org.umwelt.agents.cli;

import picocli.CommandLine.Command;

/** {@code umwelt replay}: opens what earlier runs recorded. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = "Inspect what was recorded, and simulate it again.",
    subcommands = {
      ReplayLsCommand.class,
      ReplayShowCommand.class,
      ReplayVerifyCommand.class,
      ReplayExportCommand.class
    })
final class ReplayCommand {}
