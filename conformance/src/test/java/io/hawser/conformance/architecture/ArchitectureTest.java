// SPDX-License-Identifier: Apache-2.0

package io.hawser.conformance.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** What may see what. A rule about a package that isn't written yet holds. */
class ArchitectureTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .importPaths(Stream.of("protocol", "core", "netty", "testkit", "cli").map(Checkout::classes).filter(Files::exists).toList());

    @Test
    void protocolSeesOnlyJavaAndNullness() {
        check(classes().that().resideInAPackage("io.hawser.protocol..")
                .should().onlyDependOnClassesThat().resideInAnyPackage("io.hawser.protocol..", "java..", "org.jspecify.annotations"));
        check(noClasses().that().resideInAPackage("io.hawser.protocol..")
                .should().dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.nio.channels..", "java.util.concurrent.locks.."));
        assertThat(Checkout.descriptor("protocol")).hasValueSatisfying(descriptor ->
                assertThat(descriptor.requires()).extracting(ModuleDescriptor.Requires::name)
                        .containsOnly("java.base", "org.jspecify"));
    }

    /** And by the module for those who have pipelines of their own, whose signatures cannot do without; it names them and no more. */
    @Test
    void nettyIsSeenByOnePackage() {
        check(noClasses().that().resideOutsideOfPackages("io.hawser.netty..", "io.hawser.embedded..")
                .should().dependOnClassesThat().resideInAPackage("io.netty.."));
        check(noClasses().that().resideInAPackage("io.hawser.embedded..")
                .should().dependOnClassesThat(resideInAPackage("io.netty..")
                        .and(not(DescribedPredicate.describe("ChannelHandler", type -> type.getName().equals("io.netty.channel.ChannelHandler"))))));
        assertThat(Checkout.exportedPackages("core")).doesNotContain("io.hawser.netty", "io.hawser.network", "io.hawser.http", "io.hawser.connection", "io.hawser.waiting");
    }

    @Test
    void connectionSeesOnlyProtocolAndApi() {
        check(noClasses().that().resideInAPackage("io.hawser.connection..")
                .should().dependOnClassesThat(resideInAPackage("io.hawser..")
                        .and(not(resideInAnyPackage(
                                "io.hawser", "io.hawser.connection..", "io.hawser.protocol..", "io.hawser.waiting")))));
    }

    @Test
    void networkSeesNothingThatCarriesConnections() {
        check(noClasses().that().resideInAPackage("io.hawser.network..")
                .should().dependOnClassesThat(resideInAPackage("io.hawser..")
                        .and(not(resideInAnyPackage(
                                "io.hawser", "io.hawser.network..", "io.hawser.http..", "io.hawser.connection..", "io.hawser.protocol..",
                                "io.hawser.waiting")))));
        check(noClasses().that().resideInAPackage("io.hawser.http..")
                .should().dependOnClassesThat(resideInAPackage("io.hawser..")
                        .and(not(resideInAnyPackage(
                                "io.hawser", "io.hawser.http..", "io.hawser.connection..", "io.hawser.protocol..", "io.hawser.waiting")))));
    }

    @Test
    void routesSeeNothingThatCarriesRequests() {
        check(noClasses().that().resideInAPackage("io.hawser.route..")
                .should().dependOnClassesThat(resideInAPackage("io.hawser..")
                        .and(not(resideInAnyPackage("io.hawser", "io.hawser.route..", "io.hawser.http..", "io.hawser.protocol..")))));
    }

    /** So that servers and clients name Netty only where they begin on it, and whatever else carries connections takes its place. */
    @Test
    void nettyIsANetwork() {
        check(classes().that().areAssignableTo("io.hawser.network.Network")
                .or().areAssignableTo("io.hawser.network.Acceptor")
                .or().areAssignableTo("io.hawser.network.Connector")
                .should().resideInAnyPackage("io.hawser.network..", "io.hawser.netty..", "io.hawser.testkit.memory"));
        check(classes().that().resideInAPackage("io.hawser.netty..").and().areTopLevelClasses().and().arePublic()
                .should().beAssignableTo("io.hawser.network.Acceptor")
                .orShould().beAssignableTo("io.hawser.network.Connector")
                .orShould().haveSimpleName("PipelineUpgrades")); // which begins in a pipeline of somebody else's
    }

    /** So that tests which run in memory neither wait for a network nor find a port taken. */
    @Test
    void testkitHasNoSocketsButOfItsServer() {
        check(noClasses().that().resideInAPackage("io.hawser.testkit.memory..")
                .should().dependOnClassesThat().resideInAnyPackage("io.hawser.server", "io.hawser.client"));
        check(noClasses().that().resideInAPackage("io.hawser.testkit..")
                .should().dependOnClassesThat().resideInAPackage("java.nio.channels..")
                .orShould().dependOnClassesThat().haveNameMatching("java\\.net\\.((Server|Datagram)?Socket|http\\.HttpClient)")
                .orShould().dependOnClassesThat().resideInAPackage("io.hawser.netty.."));
        assertThat(Checkout.exportedPackages("testkit")).contains("io.hawser.testkit").doesNotContain("io.hawser.testkit.memory");
    }

    /** What a test is written with is the choice of who writes it. */
    @Test
    void testkitNeedsNoFramework() {
        check(noClasses().that().resideInAPackage("io.hawser.testkit..").and().resideOutsideOfPackage("io.hawser.testkit.junit")
                .should().dependOnClassesThat().resideInAnyPackage("org.junit..", "org.testng..", "io.hawser.testkit.junit"));
        check(noClasses().that().resideInAPackage("io.hawser.testkit..").and().resideOutsideOfPackage("io.hawser.testkit.assertj")
                .should().dependOnClassesThat().resideInAnyPackage("org.assertj..", "io.hawser.testkit.assertj"));
        assertThat(Checkout.descriptor("testkit")).hasValueSatisfying(descriptor ->
                assertThat(descriptor.requires())
                        .filteredOn(required -> !required.modifiers().contains(ModuleDescriptor.Requires.Modifier.STATIC))
                        .extracting(ModuleDescriptor.Requires::name)
                        .containsOnly("java.base", "io.hawser"));
    }

    @Test
    void serverAndClientDoNotSeeEachOther() {
        check(noClasses().that().resideInAPackage("io.hawser.server..")
                .should().dependOnClassesThat().resideInAPackage("io.hawser.client.."));
        check(noClasses().that().resideInAPackage("io.hawser.client..")
                .should().dependOnClassesThat().resideInAPackage("io.hawser.server.."));
    }

    @Test
    void packagesHaveNoCycles() {
        check(slices().assignedFrom(new SliceAssignment() {
            @Override
            public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(type.getPackageName());
            }

            @Override
            public String getDescription() {
                return "packages";
            }
        }).should().beFreeOfCycles());
    }

    @Test
    void protocolReadsNeitherClockNorChance() {
        var clockOrChance = new DescribedPredicate<JavaAccess<?>>("reading of a clock or of chance") {
            private static final Set<String> OF_SYSTEM = Set.of("nanoTime", "currentTimeMillis");
            private static final Set<String> OF_CHANCE = Set.of("random", "randomUUID");
            private static final Set<String> CHANCE = Set.of(
                    "java.util.Random", "java.util.SplittableRandom", "java.security.SecureRandom",
                    "java.util.concurrent.ThreadLocalRandom");

            @Override
            public boolean test(JavaAccess<?> access) {
                String owner = access.getTargetOwner().getName();
                String name = access.getName();
                return owner.equals("java.lang.System") && OF_SYSTEM.contains(name)
                        || owner.startsWith("java.time.") && name.equals("now")
                        || OF_CHANCE.contains(name) && owner.startsWith("java.")
                        || CHANCE.contains(owner) && (name.equals("<init>") || name.equals("current"));
            }
        };
        check(noClasses().that().resideInAPackage("io.hawser.protocol..")
                .should().accessTargetWhere(clockOrChance));
        check(noClasses().that().resideInAPackage("io.hawser.protocol..")
                .should().dependOnClassesThat().haveFullyQualifiedName("java.time.Clock"));
    }

    @Test
    void packagesSayTheirJobAndAreNullMarked() {
        for (String module : List.of("protocol", "core", "netty", "testkit", "cli")) {
            var sources = Checkout.root().resolve(module).resolve("src/main/java");
            Checkout.files(sources, Integer.MAX_VALUE, ".java")
                    .filter(file -> !file.getParent().equals(sources))
                    .map(file -> file.resolveSibling("package-info.java"))
                    .distinct()
                    .forEach(file -> assertThat(file).exists());
        }
        for (JavaClass type : OURS) {
            assertThat(type.getPackage().isAnnotatedWith(NullMarked.class))
                    .as("@NullMarked on package %s", type.getPackageName())
                    .isTrue();
        }
    }

    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(OURS);
    }
}
