package com.openfaas.function;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.openfaas.function.lab.ClusterExtension;
import com.openfaas.function.lab.IngressController;
import com.openfaas.function.lab.TestPlatform;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ClusterExtension.class)
@DisplayName("What somebody can do who has the token of deploy/rbac.yml")
class TokenIT {
  private static final String SNIPPET = "nginx.ingress.kubernetes.io/configuration-snippet";

  private static final String REPLICAS = "{\"spec\":{\"replicas\":7}}";

  private static TestPlatform platform;
  private static IngressController ingress;
  private static KubernetesClient token;

  /** The rights of all three manifests: what is refused then, the policy refuses. */
  @BeforeAll
  static void grantEverything(TestPlatform installed) {
    platform = installed.installWithLinkerd();
    ingress = new IngressController(platform, "traefik");
    ingress.grant();
    ingress.annotateRoute(SNIPPET, "deny 10.0.0.0/8;\nproxy_set_header l5d-dst-override $host;\n");
    platform.account().apply("rbac-retries.yml");
    token = platform.account().client();
    Awaitility.await("the policy is in force")
        .until(() -> refusal(() -> patch(token, object("figlet"), REPLICAS)) != null);
  }

  @AfterAll
  static void remove() {
    token.close();
    ingress.close();
  }

  @Test
  void noPodIsMadeButAsADryRun() {
    Pod pod =
        Serialization.unmarshal(
            "apiVersion: v1\nkind: Pod\nmetadata: {name: stolen, namespace: "
                + platform.openfaas()
                + "}\nspec: {serviceAccountName: openfaas-controller, containers: [{name: shell,"
                + " image: busybox, securityContext: {privileged: true}, volumeMounts: [{name: s,"
                + " mountPath: /s}]}], volumes: [{name: s, secret: {secretName: basic-auth}}]}",
            Pod.class);

    assertThat(token.resource(pod).dryRun(true).create()).isNotNull();
    assertRefused("dry runs only", () -> token.resource(pod).create());
    assertThat(platform.admin().resource(pod).get()).isNull();
  }

  @Test
  void noCommandIsRunInAPod() {
    Pod gateway = platform.admin().pods().inNamespace(platform.openfaas()).list().getItems().get(0);
    String uri = "/api/v1/namespaces/" + platform.openfaas() + "/pods/";
    String exec = uri + gateway.getMetadata().getName() + "/exec?command=id&stdout=true";

    KubernetesClientException e = refusal(() -> token.raw(exec, "POST", ""));

    assertThat(e.getCode()).isEqualTo(403);
    assertThat(e.getMessage()).contains("pods/exec");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "figlet     | {'spec':{'replicas':7}}",
        "figlet     | {'spec':{'strategy':{'type':'Recreate','rollingUpdate':null}}}",
        "figlet     | {'spec':{'template':{'spec':{'serviceAccountName':'openfaas-controller'}}}}",
        "figlet     | {'spec':{'template':{'spec':{'hostPID':true}}}}",
        "figlet     | {'spec':{'template':{'spec':{'containers':[{'name':'figlet','image':'evil'}]}}}}",
        "figlet     | {'spec':{'template':{'spec':{'volumes':[{'name':'s','secret':{'secretName':'basic-auth'}}]}}}}",
        "figlet     | {'spec':{'template':{'metadata':{'labels':{'app':'gateway'}}}}}",
        "figlet     | {'metadata':{'labels':{'faas_function':'env'}}}",
        "figlet     | {'metadata':{'labels':null}}",
        "figlet     | {'metadata':{'finalizers':['example.com/never']}}",
        "figlet     | {'metadata':{'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'x','uid':'x'}]}}",
        "gateway    | {'spec':{'template':{'spec':{'containers':[{'name':'gateway','image':'evil'}]}}}}",
        "controller | {'spec':{'template':{'spec':{'containers':[{'name':'traefik','image':'evil'}]}}}}",
        "namespace  | {'metadata':{'labels':{'pod-security.kubernetes.io/enforce':'privileged'}}}",
        "namespace  | {'metadata':{'finalizers':['example.com/never']}}",
        "route      | {'spec':{'defaultBackend':{'service':{'name':'evil','port':{'number':80}}}}}",
        "route      | {'spec':{'tls':[{'hosts':['evil'],'secretName':'basic-auth'}]}}",
        "service    | {'spec':{'selector':{'faas_function':'evil'}}}",
        "service    | {'spec':{'type':'ExternalName','externalName':'evil.example.com'}}"
      })
  void nothingButAnnotationsIsChanged(String object, String patch) {
    assertRefused("changes annotations only", object(object), patch);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "figlet     | {'metadata':{'annotations':{'com.openfaas.health.http.path':'/evil'}}}",
        "figlet     | {'metadata':{'annotations':{'linkerd.io/inject':'enabled'}}}",
        "figlet     | {'metadata':{'annotations':{'prometheus.io.scrape':null}}}",
        "figlet     | {'spec':{'template':{'metadata':{'annotations':{'prometheus.io.scrape':null}}}}}",
        "figlet     | {'spec':{'template':{'metadata':{'annotations':{'config.linkerd.io/proxy-image':'evil'}}}}}",
        "figlet     | {'spec':{'template':{'metadata':{'annotations':{'config.linkerd.io/default-inbound-policy':'deny'}}}}}",
        "controller | {'spec':{'template':{'metadata':{'annotations':{'config.linkerd.io/proxy-image':'evil'}}}}}",
        "namespace  | {'metadata':{'annotations':{'config.linkerd.io/proxy-image':'evil'}}}",
        "namespace  | {'metadata':{'annotations':{'scheduler.alpha.kubernetes.io/node-selector':'a=b'}}}",
        "route      | {'metadata':{'annotations':{'nginx.ingress.kubernetes.io/auth-url':'http://evil'}}}",
        "service    | {'metadata':{'annotations':{'external-dns.alpha.kubernetes.io/hostname':'evil'}}}"
      })
  void noAnnotationButOurs(String object, String patch) {
    assertRefused("only the annotations that mesh-setup sets", object(object), patch);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "deny 10.0.0.0/8;\\nroot /etc/nginx/secrets;\\n",
        "deny 10.0.0.0/8;\\nproxy_set_header l5d-dst-override a:80; root /;\\n",
        "deny 10.0.0.0/8;\\nproxy_set_header l5d-dst-override \\\"a;\\n",
        "proxy_set_header l5d-dst-override $host;\\n"
      })
  void noOtherDirectiveOfAControllerIsChanged(String snippet) {
    String patch = "{'metadata':{'annotations':{'" + SNIPPET + "':'" + snippet + "'}}}";
    assertRefused("Linkerd's headers only", object("route"), patch);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "figlet     | {'metadata':{'annotations':{'mesh-setup.openfaas.com/anything':'x'}},'spec':{'template':{'metadata':{'annotations':{'linkerd.io/inject':'enabled','config.linkerd.io/skip-outbound-ports':'4222','mesh-setup.openfaas.com/restartedAt':'x'}}}}}",
        "markdown   | {'spec':{'template':{'metadata':{'annotations':{'linkerd.io/inject':null}}}}}",
        "gateway    | {'spec':{'template':{'metadata':{'annotations':{'linkerd.io/inject':'enabled'}}}}}",
        "controller | {'spec':{'template':{'metadata':{'annotations':{'linkerd.io/inject':'ingress','config.linkerd.io/skip-inbound-ports':'80,443'}}}}}",
        "namespace  | {'metadata':{'annotations':{'linkerd.io/inject':'enabled','mesh-setup.openfaas.com/previous':'{}'}}}",
        "route      | {'metadata':{'annotations':{'nginx.ingress.kubernetes.io/service-upstream':'true','nginx.ingress.kubernetes.io/configuration-snippet':'deny 10.0.0.0/8;\\nproxy_set_header l5d-dst-override gateway.openfaas:8080;\\nproxy_hide_header l5d-server-id;\\n'}}}",
        "route      | {'metadata':{'annotations':{'haproxy.org/request-set-header':'l5d-dst-override gateway:8080','ingress.kubernetes.io/custom-request-headers':'l5d-dst-override:gateway:8080'}}}",
        "service    | {'metadata':{'annotations':{'retry.linkerd.io/http':'5xx','timeout.linkerd.io/request':'10s'}}}"
      })
  void whatMeshSetupWritesIsAllowed(String object, String patch) {
    assertThat(patch(token, object(object), json(patch))).isNotNull();
  }

  @Test
  void noLeaseButItsOwn() {
    HasMetadata other = named("coordination.k8s.io/v1", "Lease", platform.functions(), "other");

    assertRefused("no Lease but mesh-setup", () -> token.resource(other).dryRun(true).create());
    other.getMetadata().setName("mesh-setup");
    platform.admin().resource(other).delete();
    assertThat(token.resource(other).dryRun(true).create()).isNotNull();
  }

  @Test
  void aWholeApplyRefreshAndRevertGoThroughUnderIt() {
    Caller caller = new Caller(platform);

    assertThat(caller.apply().outcome()).isEqualTo("changed");
    platform.awaitSettled();
    platform.linkerd().reconfigure(platform.linkerd().config().version("edge-26.9.1"));
    assertThat(caller.signed("refresh", Instant.now()).outcome()).isEqualTo("changed");
    platform.awaitSettled();
    assertThat(caller.signed("revert", Instant.now()).outcome()).isEqualTo("reverted");
    platform.awaitSettled();

    assertRefused("changes annotations only", object("figlet"), REPLICAS);
  }

  private static HasMetadata object(String word) {
    switch (word) {
      case "controller":
        return named("apps/v1", "DaemonSet", ingress.namespace, "traefik");
      case "gateway":
        return named("apps/v1", "Deployment", platform.openfaas(), word);
      case "namespace":
        return named("v1", "Namespace", "", platform.functions());
      case "route":
        return named("networking.k8s.io/v1", "Ingress", platform.openfaas(), "openfaas-ingress");
      case "service":
        return named("v1", "Service", platform.functions(), "figlet");
      default:
        return named("apps/v1", "Deployment", platform.functions(), word);
    }
  }

  private static HasMetadata named(String version, String kind, String namespace, String name) {
    String text = "apiVersion: " + version + "\nkind: " + kind + "\nmetadata: {}";
    HasMetadata object = platform.admin().resource(text).item();
    object.getMetadata().setName(name);
    object.getMetadata().setNamespace(namespace.isEmpty() ? null : namespace);
    return object;
  }

  /** Valid for an administrator, refused to the token, and by the policy. */
  private static void assertRefused(String message, HasMetadata object, String patch) {
    assertThat(patch(platform.admin(), object, json(patch))).isNotNull();
    assertRefused(message, () -> patch(token, object, json(patch)));
  }

  private static void assertRefused(String message, Runnable request) {
    KubernetesClientException e = refusal(request);
    assertThat(e).as("it was refused").isNotNull();
    assertThat(e.getMessage())
        .contains("ValidatingAdmissionPolicy '" + platform.clusterScoped("mesh-setup") + "'")
        .contains(message);
  }

  private static KubernetesClientException refusal(Runnable request) {
    return catchThrowableOfType(KubernetesClientException.class, request::run);
  }

  private static HasMetadata patch(KubernetesClient client, HasMetadata object, String patch) {
    PatchContext dryRun =
        new PatchContext.Builder()
            .withPatchType(PatchType.JSON_MERGE)
            .withDryRun(List.of("All"))
            .build();
    return client.resource(object).patch(dryRun, patch);
  }

  private static String json(String patch) {
    return patch.replace('\'', '"');
  }
}
