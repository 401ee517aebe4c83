package dev.nonevent.pipeline.bluegreen.router.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.router.Awaited;
import dev.nonevent.pipeline.bluegreen.router.RawClient;
import dev.nonevent.pipeline.bluegreen.router.RawInstance;
import dev.nonevent.pipeline.bluegreen.router.StreamClient;
import dev.nonevent.pipeline.bluegreen.router.TestCertificate;
import dev.nonevent.pipeline.bluegreen.router.switchboard.Switchboard;
import dev.nonevent.pipeline.bluegreen.traffic.Canary;
import dev.nonevent.pipeline.bluegreen.traffic.Route;
import dev.nonevent.pipeline.bluegreen.traffic.Routing;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients over real TLS: the JDK's own, and sockets. */
@Timeout(60)
class TlsTest {

    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration PATIENT = Duration.ofSeconds(30);

    @TempDir
    static Path made;

    private static TestCertificate first;
    private static TestCertificate renewed;

    @TempDir
    Path files;

    private final List<String> log = new CopyOnWriteArrayList<>();
    private TestCertificate certificate;
    private RawInstance instance;
    private FrontDoor door;

    @BeforeAll
    static void makeCertificates() throws Exception {
        first = TestCertificate.in(made.resolve("first"));
        renewed = TestCertificate.in(made.resolve("renewed"));
    }

    @BeforeEach
    void open() throws Exception {
        instance = RawInstance.answering("hello");
        certificate = first.copy(files);
        door = door(Limits.usual().withTls(new Limits.Tls(PATIENT, SOON)));
    }

    @AfterEach
    void close() throws Exception {
        door.close();
        instance.close();
    }

    @Test
    void clientThatOffersHttp2GetsItAndTheInstanceLearnsOfTheTls() throws Exception {
        HttpResponse<String> answer = get(HttpClient.Version.HTTP_2);

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(door.address().getScheme()).isEqualTo("https");
        assertThat(instance.requests.get(0).headers())
                .containsEntry("x-forwarded-proto", "https")
                .containsEntry("host", door.address().getAuthority());
    }

    @Test
    void clientThatOffersHttp11OnlyGetsThat() throws Exception {
        HttpResponse<String> answer = get(HttpClient.Version.HTTP_1_1);

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        assertThat(answer.body()).isEqualTo("hello");
        assertThat(instance.requests.get(0).headers()).containsEntry("x-forwarded-proto", "https");
    }

    @Test
    void largeBodiesPassBothWaysOverHttp2() throws Exception {
        door.close();
        instance.close();
        instance = new RawInstance(line -> {
            while (true) {
                line.answer(line.read().body());
            }
        });
        door = door(Limits.usual());
        byte[] body = "0123456789abcdef".repeat(512 * 1024).getBytes(StandardCharsets.US_ASCII);

        HttpResponse<byte[]> answer = client(HttpClient.Version.HTTP_2)
                .send(
                        HttpRequest.newBuilder(door.address())
                                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofByteArray());

        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo(body);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void bothVersionsOfTlsThatAreGoodAreTaken(String version) throws Exception {
        try (SSLSocket socket = socket()) {
            socket.setEnabledProtocols(new String[] {version});

            assertThat(ask(socket)).startsWith("HTTP/1.1 200");
            assertThat(socket.getSession().getProtocol()).isEqualTo(version);
            assertThat(socket.getSession().getCipherSuite()).contains("_GCM_");
        }
    }

    @Test
    void keysOfRsaAreTakenToo() throws Exception {
        door.close();
        certificate = TestCertificate.in(files.resolve("rsa"), "RSA", "-1d", 365);
        door = door(Limits.usual());

        assertThat(get(HttpClient.Version.HTTP_2).body()).isEqualTo("hello");
    }

    @Test
    void streamsOverTlsAreCheckedLikeOthers() throws Exception {
        try (StreamClient client = new StreamClient(door.address(), certificate.certificate)) {
            assertThat(client.get("/").body()).isEqualTo("hello");
            assertThat(client.get("/ HTTP/1.1").status()).isEqualTo(400);
            assertThat(client.get("/").body()).isEqualTo("hello");
        }
    }

    @Test
    void plainHttpIsToldToUseTls() throws Exception {
        try (RawClient client = new RawClient(door.address())) {
            RawClient.Message answer = client.get("/");

            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.body()).contains("https://");
            assertThat(client.atEnd()).isTrue();
            assertThat(instance.requests).isEmpty();
        }
    }

    @Test
    void whoFindsNoRoomGetsAnAlertAndNoPlainText() throws Exception {
        Limits.Clients usual = Limits.usual().clients();
        door.close();
        door = door(
                Limits.usual().withClients(new Limits.Clients(1, usual.headWithin(), usual.fields(), usual.body())));
        try (RawClient first = new RawClient(door.address())) {
            while (door.connections() == 0) {
                assertThat(first.socket.isClosed()).isFalse();
            }
            try (RawClient second = new RawClient(door.address())) {
                second.send("\u0016\u0003\u0001\u0001\u0000\u0001");

                assertThat(second.in().readAllBytes()).containsExactly(21, 3, 3, 0, 2, 2, 80);
            }
        }
        assertThat(door.turnedAway()).isEqualTo(1);
    }

    @Test
    void clientThatDoesNotShakeHandsIsNotWaitedFor() throws Exception {
        door.close();
        door = door(Limits.usual().withTls(new Limits.Tls(SOON, PATIENT)));
        try (RawClient silent = new RawClient(door.address());
                RawClient slow = new RawClient(door.address())) {
            slow.send("\u0016\u0003\u0001\u0001\u0000\u0001");

            assertThat(silent.atEnd()).isTrue();
            assertThat(slow.atEnd()).isTrue();
        }
    }

    @Test
    void garbageInsteadOfAHandshakeIsTheEndAndOthersAreServed() throws Exception {
        try (RawClient client = new RawClient(door.address())) {
            client.send("\u0016\u0003\u0001\u0000\u0005garbage and more of it");

            client.socket.setSoTimeout(5_000);
            while (client.socket.getInputStream().read() >= 0) {
                assertThat(client.socket.isConnected()).isTrue();
            }
        }
        assertThat(get(HttpClient.Version.HTTP_2).body()).isEqualTo("hello");
    }

    @Test
    void renewedCertificateIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
        try (SSLSocket before = socket()) {
            assertThat(ask(before)).startsWith("HTTP/1.1 200");

            renewed.replace(certificate);

            Awaited.that(() -> assertThat(shown()).isEqualTo(renewed.certificate));
            assertThat(ask(before)).startsWith("HTTP/1.1 200");
            assertThat(log).anyMatch(line -> line.startsWith("new connections are shown the certificate"));
        }
    }

    @Test
    void renewedFilesAreTakenAlsoAfterListeningAnewWasNotPossibleAtOnce() throws Exception {
        door.openAlso(switchboard().preview(), 0, Inherited.none());
        int preview = door.otherAddress().orElseThrow().getPort();
        door.stopListening();
        try (ServerSocket taken = new ServerSocket(preview, 1, InetAddress.getByName(FrontDoor.LOOPBACK))) {
            assertThatThrownBy(door::listenAgain)
                    .isInstanceOf(InfrastructureException.class)
                    .hasMessageContaining("cannot listen on 127.0.0.1:" + taken.getLocalPort());
        }

        door.listenAgain();
        renewed.replace(certificate);

        Awaited.that(() -> assertThat(shown()).isEqualTo(renewed.certificate));
    }

    @Test
    void renewedFilesAreTakenAfterListeningAnew() throws Exception {
        door.stopListening();
        door.listenAgain();

        renewed.replace(certificate);

        Awaited.that(() -> assertThat(shown()).isEqualTo(renewed.certificate));
    }

    @Test
    void halfRenewedPairIsNotTakenAndSaidOnce() throws Exception {
        Files.copy(renewed.key, certificate.key, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        Awaited.that(() -> assertThat(log).isNotEmpty());
        assertThat(shown()).isEqualTo(certificate.certificate);
        Files.copy(renewed.chain, certificate.chain, java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        Awaited.that(() -> assertThat(shown()).isEqualTo(renewed.certificate));
        assertThat(log.stream().filter(line -> line.contains("does not belong")))
                .hasSize(1)
                .allMatch(line -> line.startsWith("the certificate stays as it was: "));
    }

    @Test
    void switchesUnderHttp2LoadLoseNothing() throws Exception {
        Switchboard switchboard = switchboard();
        try (FrontDoor busy = new FrontDoor(
                        switchboard, FrontDoor.LOOPBACK, 0, Limits.usual(), shownCertificates(), Inherited.none());
                RawInstance other = RawInstance.answering("hello")) {
            switchboard.whenClosed(busy::forget);
            HttpClient client = client(HttpClient.Version.HTTP_2);
            HttpRequest get = HttpRequest.newBuilder(busy.address()).build();
            HttpRequest post = HttpRequest.newBuilder(busy.address())
                    .POST(HttpRequest.BodyPublishers.ofString("body"))
                    .build();
            int rounds = 40;

            for (int round = 0; round < rounds; round++) {
                var asked = new java.util.ArrayList<java.util.concurrent.CompletableFuture<HttpResponse<String>>>();
                for (int i = 0; i < 32; i++) {
                    asked.add(client.sendAsync(i % 2 == 0 ? get : post, HttpResponse.BodyHandlers.ofString()));
                    if (i == 16) {
                        RawInstance next = round % 2 == 0 ? other : instance;
                        switchboard.switchTo(Routing.to(next.target("shop-" + (round + 2))), round + 1);
                    }
                }
                for (var each : asked) {
                    assertThat(each.get(20, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
                }
            }

            assertThat(instance.requests.size() + other.requests.size()).isEqualTo(rounds * 32);
            assertThat(switchboard.counts()).allMatch(counts -> counts.failed() == 0 && counts.inFlight() == 0);
        }
    }

    @Test
    void cookieThatKeepsAUserOnASideIsSentOverTlsAlone() throws Exception {
        Routing split = Routing.to(instance.target("shop-1"))
                .canary(Canary.of(instance.target("shop-2"), 50).stickyBy("side"));
        Switchboard switchboard = new Switchboard(new Route(split, 0, 0), ignored -> {}, TimeSource.system());
        door.close();
        door = new FrontDoor(switchboard, FrontDoor.LOOPBACK, 0, Limits.usual(), shownCertificates(), Inherited.none());

        for (HttpClient.Version version : HttpClient.Version.values()) {
            assertThat(get(version).headers().firstValue("set-cookie"))
                    .hasValueSatisfying(cookie -> assertThat(cookie).endsWith("; SameSite=Lax; Secure"));
        }
    }

    private FrontDoor door(Limits limits) throws InterruptedException {
        return new FrontDoor(switchboard(), FrontDoor.LOOPBACK, 0, limits, shownCertificates(), Inherited.none());
    }

    private Optional<Certificates> shownCertificates() {
        return Optional.of(new Certificates(certificate.chain, certificate.key, TimeSource.system(), log::add));
    }

    private Switchboard switchboard() {
        Route route = new Route(Routing.to(instance.target("shop-1")), 0, 0);
        return new Switchboard(route, ignored -> {}, TimeSource.system());
    }

    private HttpResponse<String> get(HttpClient.Version version) throws Exception {
        URI address = door.address();
        return client(version).send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpClient client(HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .version(version)
                .sslContext(certificate.trust())
                .build();
    }

    private SSLSocket socket() throws Exception {
        URI address = door.address();
        SSLSocket socket =
                (SSLSocket) certificate.trust().getSocketFactory().createSocket(address.getHost(), address.getPort());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static String ask(SSLSocket socket) throws Exception {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: shop\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        RawClient.Message answer = RawClient.read(socket.getInputStream(), false);
        return answer.firstLine();
    }

    /** What a new client sees, whether it trusts it or not. */
    private Certificate shown() {
        try {
            var seen = new java.util.concurrent.atomic.AtomicReference<Certificate>();
            var curious = javax.net.ssl.SSLContext.getInstance("TLS");
            curious.init(null, new javax.net.ssl.TrustManager[] {new Curious(seen)}, null);
            try (SSLSocket socket = (SSLSocket) curious.getSocketFactory()
                    .createSocket(door.address().getHost(), door.address().getPort())) {
                socket.setSoTimeout(20_000);
                socket.startHandshake();
            }
            return seen.get();
        } catch (java.io.IOException | java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private record Curious(java.util.concurrent.atomic.AtomicReference<Certificate> seen)
            implements javax.net.ssl.X509TrustManager {

        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {
            throw new IllegalStateException("not a server");
        }

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {
            seen.set(chain[0]);
        }

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }
}
