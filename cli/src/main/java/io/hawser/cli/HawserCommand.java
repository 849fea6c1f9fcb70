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
        versionProvider = HawserCommand.Version.class,
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
        return new CommandLine(new HawserCommand())
                .setParameterExceptionHandler(HawserCommand::refuse)
                .setExecutionExceptionHandler(HawserCommand::tell);
    }

    /** One line on wrong options, and where the right ones are. */
    private static int refuse(CommandLine.ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        command.getErr().println("hawser: " + failure.getMessage() + "; see " + name + " --help");
        return command.getCommandSpec().exitCodeOnInvalidInput();
    }

    private static int tell(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        command.getErr().println("hawser: " + failure.getMessage());
        return command.getCommandSpec().exitCodeOnExecutionException();
    }

    /** The version that the jar's manifest tells. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = HawserCommand.class.getPackage().getImplementationVersion();
            return new String[] {"hawser " + (version == null ? "(not built as a jar)" : version)};
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                Objects.requireNonNull(spec).commandLine(), "Say what to do: hawser demo");
    }
}
