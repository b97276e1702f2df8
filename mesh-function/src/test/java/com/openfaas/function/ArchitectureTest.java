package com.openfaas.function;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.openfaas.function.observe.LiveView;
import com.openfaas.function.report.RunRecord;
import com.openfaas.function.verify.ProofClient;
import com.openfaas.function.verify.Verification;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.Set;

/** What may depend on what, held against the compiled classes. */
@AnalyzeClasses(
    packages = "com.openfaas.function",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "com.openfaas.function";

  private static final String[] PURE = {
    ROOT + ".request..",
    ROOT + ".policy..",
    ROOT + ".platform..",
    ROOT + ".plan..",
    ROOT + ".report..",
    ROOT + ".ingress.."
  };

  private static final DescribedPredicate<JavaClass> CLIENT =
      resideInAPackage("io.fabric8.kubernetes.client..").as("the Kubernetes client");

  private static final Set<String> CLOCKS_AND_SURROUNDINGS =
      Set.of("now", "nanoTime", "currentTimeMillis", "sleep", "getenv", "randomUUID");

  @ArchTest
  static final ArchRule packagesAreStagesWithoutCycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule kubernetesObjectsStayInThreeStages =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".cluster..", ROOT + ".observe..", ROOT + ".preflight..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.fabric8..").and(not(equivalentTo(KubernetesClient.class))));

  @ArchTest
  static final ArchRule onlyClusterSpeaksToTheClient =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT, ROOT + ".cluster..", ROOT + ".observe..")
          .should()
          .dependOnClassesThat(CLIENT);

  @ArchTest
  static final ArchRule observeOnlyListensToWatchesAndReadsYaml =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".observe..")
          .should()
          .dependOnClassesThat(
              CLIENT
                  .and(not(equivalentTo(Watch.class)))
                  .and(not(equivalentTo(Serialization.class))));

  @ArchTest
  static final ArchRule onlyTheRunsOfAProcessShareAClient =
      noClasses()
          .that()
          .resideInAPackage(ROOT)
          .and()
          .doNotBelongToAnyOf(Runs.class)
          .should()
          .dependOnClassesThat(CLIENT);

  @ArchTest
  static final ArchRule pureStagesHaveNoClientAndNoOtherStageThatHas =
      noClasses()
          .that()
          .resideInAnyPackage(PURE)
          .should()
          .dependOnClassesThat(
              resideInAnyPackage("io.fabric8..", ROOT + ".cluster..", ROOT + ".observe..")
                  .or(
                      resideInAnyPackage(
                          "java.net.http..", "java.nio.file..", "java.util.concurrent..")));

  @ArchTest
  static final ArchRule pureStagesHaveNoClockNoEnvironmentAndNoSleep =
      noClasses().that().resideInAnyPackage(PURE).should().callCodeUnitWhere(asksTheSurroundings());

  @ArchTest
  static final ArchRule onlyTheProofClientSpeaksHttp =
      noClasses()
          .that(
              not(equivalentTo(ProofClient.class))
                  .and(not(simpleName("ProofHttp")))
                  .and(not(simpleName("BoundedLines")))
                  // which sets up the TLS of the Kubernetes client
                  .and(not(simpleName("ClusterHttp")))
                  .and(resideInAPackage(ROOT + "..")))
          .should()
          .dependOnClassesThat(resideInAPackage("java.net.http.."));

  @ArchTest
  static final ArchRule verdictsArePure =
      noClasses()
          .that(
              not(equivalentTo(ProofClient.class))
                  .and(not(simpleName("ProofHttp")))
                  .and(not(simpleName("BoundedLines")))
                  .and(not(belongTo(equivalentTo(Verification.class))))
                  .and(resideInAPackage(ROOT + ".verify..")))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "io.fabric8..",
                  ROOT + ".cluster..",
                  ROOT + ".observe..",
                  "java.net..",
                  "java.nio..",
                  "java.util.concurrent.."));

  @ArchTest
  static final ArchRule onlyTheHandlerAndItsRunsAskForTheTimeAndTheEnvironment =
      noClasses()
          .that()
          .doNotBelongToAnyOf(Handler.class, Runs.class)
          // which ends each request at its deadline, and waits between two tries
          .and(not(simpleNameStartingWith("Requests").and(resideInAPackage(ROOT + ".cluster"))))
          .and(not(simpleName("Deadline")))
          .should()
          .callCodeUnitWhere(asksTheSurroundings());

  @ArchTest
  static final ArchRule platformStandsAlone =
      noClasses()
          .that()
          .resideInAPackage(ROOT + ".platform..")
          .should()
          .dependOnClassesThat(
              resideInAPackage(ROOT + "..").and(not(resideInAPackage(ROOT + ".platform.."))));

  @ArchTest
  static final ArchRule valuesAreFinal =
      classes()
          .that()
          .resideInAnyPackage(ROOT + ".platform..", ROOT + ".plan..", ROOT + ".report..")
          .and()
          .areNotEnums()
          .and()
          .areNotInterfaces()
          .and()
          .doNotHaveModifier(JavaModifier.SYNTHETIC)
          .should()
          .haveModifier(JavaModifier.FINAL);

  @ArchTest
  static final ArchRule valuesDoNotChange =
      fields()
          .that()
          .areDeclaredInClassesThat()
          .resideInAnyPackage(PURE)
          .and()
          .areDeclaredInClassesThat(
              not(equivalentTo(RunRecord.class)).and(not(simpleNameEndingWith("PolicyReader"))))
          .should()
          .beFinal()
          .as("fields of pure stages are final, but for the record that a run fills as it goes");

  @ArchTest
  static final ArchRule namesSayWhatAThingIs =
      noClasses()
          .should()
          .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Common|Impl)")
          .orShould()
          .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..manager..");

  @ArchTest
  static final ArchRule onlyLiveViewsWatchesWait =
      noClasses()
          .that(
              not(equivalentTo(LiveView.class))
                  // whose callers and whose lease wait, not its work
                  .and(not(simpleName("Run")))
                  // until a wave's last event is sent, when its rollouts are over
                  .and(not(simpleName("Events")))
                  .and(resideInAPackage(ROOT + "..")))
          .should()
          .callMethodWhere(blocks());

  private static DescribedPredicate<JavaCall<?>> asksTheSurroundings() {
    return DescribedPredicate.describe(
        "asks for the time, the environment or chance, or sleeps",
        call -> {
          AccessTarget target = call.getTarget();
          return CLOCKS_AND_SURROUNDINGS.contains(target.getName())
              && target.getOwner().getPackageName().startsWith("java.");
        });
  }

  private static DescribedPredicate<com.tngtech.archunit.core.domain.JavaMethodCall> blocks() {
    return DescribedPredicate.describe(
        "waits on a queue, a latch or an object",
        call ->
            Set.of("poll", "take", "await", "wait", "join").contains(call.getName())
                && call.getTargetOwner().getPackageName().startsWith("java.util.concurrent"));
  }
}
