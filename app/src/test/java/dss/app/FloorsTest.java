package dss.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import org.junit.jupiter.api.Test;

/** The floors of docs/architecture.md: who may import whom, and that core is pure. */
class FloorsTest {
  private static final JavaClasses DSS = new ClassFileImporter()
      .withImportOption(new ImportOption.DoNotIncludeTests())
      .importPackages("dss");

  @Test
  void floors_areOnlyLeftDownwards() {
    Architectures.layeredArchitecture().consideringOnlyDependenciesInLayers().layer("protocol")
        .definedBy("dss.protocol..")
        .layer("core").definedBy("dss.core..").layer("wire").definedBy("dss.wire..").layer("peer")
        .definedBy("dss.peer..").layer("storage").definedBy("dss.storage..").layer("consensus")
        .definedBy("dss.consensus..").layer("client").definedBy("dss.client..").layer("server")
        .definedBy("dss.server..")
        .layer("bench").definedBy("dss.bench..").layer("ecs").definedBy("dss.ecs..").layer("sim")
        .definedBy("dss.sim..").layer("drill").definedBy("dss.drill..").layer("app")
        .definedBy("dss.app..")
        .whereLayer("app").mayNotBeAccessedByAnyLayer().whereLayer("sim")
        .mayOnlyBeAccessedByLayers("drill", "app")
        .whereLayer("drill").mayOnlyBeAccessedByLayers("app")
        .whereLayer("server").mayOnlyBeAccessedByLayers("app").whereLayer("ecs")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("client").mayOnlyBeAccessedByLayers("drill", "app").whereLayer("bench")
        .mayOnlyBeAccessedByLayers("app")
        .whereLayer("wire").mayOnlyBeAccessedByLayers("client", "bench", "server", "ecs", "drill", "app")
        .whereLayer("peer").mayOnlyBeAccessedByLayers("server", "ecs", "sim", "app")
        .whereLayer("storage").mayOnlyBeAccessedByLayers("server", "sim", "app")
        .whereLayer("consensus").mayOnlyBeAccessedByLayers("ecs", "app")
        .whereLayer("core")
        .mayOnlyBeAccessedByLayers("peer", "storage", "consensus", "server", "ecs", "sim", "drill", "app")
        .check(DSS);
  }

  @Test
  void core_holdsNoClockRandomThreadSocketFileOrLogger() {
    noClasses().that().resideInAPackage("dss.core..").should().dependOnClassesThat()
        .resideInAnyPackage("java.io..", "java.net..", "java.nio.file..", "java.nio.channels..",
            "java.util.concurrent..", "java.util.logging..", "java.time..", "java.util.random..",
            "org.slf4j..",
            "io.netty..", "org.rocksdb..", "org.apache..")
        .orShould().dependOnClassesThat().haveFullyQualifiedName("java.util.Random").orShould()
        .dependOnClassesThat().haveFullyQualifiedName("java.lang.Thread").orShould()
        .callMethod(System.class, "nanoTime")
        .orShould().callMethod(System.class, "currentTimeMillis").check(DSS);
  }

  @Test
  void protocolAndCore_needTheJdkAlone() {
    classes().that().resideInAnyPackage("dss.protocol..", "dss.core..").should().onlyDependOnClassesThat()
        .resideInAnyPackage("dss.protocol..", "dss.core..", "java..", "org.jspecify..").check(DSS);
  }

  @Test
  void packages_haveNoCircles() {
    slices().matching("dss.(*)..").should().beFreeOfCycles().check(DSS);
  }
}
