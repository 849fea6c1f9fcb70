// SPDX-License-Identifier: Apache-2.0

package io.hawser.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code hawser} command. */
@Command(
        name = "hawser",
        description = "A WebSocket toolkit for Java.",
        mixinStandardHelpOptions = true,
        version = "hawser 0.1.0-SNAPSHOT",
        subcommands = DemoCommand.class,
        synopsisSubcommandLabel = "COMMAND")
final class HawserCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private HawserCommand() {}

    /** Runs the command and ends the process with its status. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return new CommandLine(new HawserCommand()).setExecutionExceptionHandler(HawserCommand::tell);
    }

    private static int tell(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("hawser: " + failure.getMessage());
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Objects.requireNonNull(spec).commandLine(), "Say what to do: hawser demo");
    }
}
