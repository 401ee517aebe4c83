package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is declared with {@code tls}: checked when the router is opened, and carried to its process. */
@Timeout(90)
class RouterTlsTest {

    @TempDir
    static Path made;

    @TempDir
    Path home;

    private static TestCertificate good;
    private static TestCertificate other;

    @BeforeAll
    static void makeCertificates() throws Exception {
        good = TestCertificate.in(made.resolve("good"));
        other = TestCertificate.in(made.resolve("other"), "RSA", "-1d", 365);
    }

    @Test
    void routerInItsOwnProcessTakesTlsAndHttp2() throws Exception {
        Router router = Router.router(0).tls(good.chain, good.key);
        try (Traffic traffic = router.open("shop", home);
                RawInstance instance = RawInstance.answering("hello")) {
            traffic.switchTo(instance.target("shop-1"), 1);
            HttpClient client = HttpClient.newBuilder().sslContext(good.trust()).build();
            HttpRequest get = HttpRequest.newBuilder(traffic.address()).build();

            HttpResponse<String> answer = client.send(get, HttpResponse.BodyHandlers.ofString());

            assertThat(traffic.address().getScheme()).isEqualTo("https");
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(answer.body()).isEqualTo("hello");
            assertThat(router.description()).contains("with TLS");
            traffic.shutDown(Long.MAX_VALUE);
        }
    }

    @Test
    void routerThatIsDeclaredWithTlsTakesOverFromOneWithout() throws Exception {
        try (Traffic plain = Router.router(0).open("shop", home);
                RawInstance instance = RawInstance.answering("hello")) {
            plain.switchTo(instance.target("shop-1"), 1);

            try (Traffic traffic = Router.router(0).tls(good.chain, good.key).open("shop", home)) {
                HttpClient client =
                        HttpClient.newBuilder().sslContext(good.trust()).build();
                HttpRequest get = HttpRequest.newBuilder(traffic.address()).build();

                assertThat(client.send(get, HttpResponse.BodyHandlers.ofString())
                                .body())
                        .isEqualTo("hello");
                assertThat(traffic.address().getPort())
                        .isEqualTo(plain.address().getPort());
                traffic.shutDown(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void missingFileIsNamed() {
        Path missing = made.resolve("missing.pem");

        assertRefused(missing, good.key).hasMessage("the certificate chain " + missing + " is missing: put it there");
        assertRefused(good.chain, missing).hasMessage("the private key " + missing + " is missing: put it there");
    }

    @Test
    void keyOfAnotherCertificateIsRefused() throws Exception {
        TestCertificate third = TestCertificate.in(made.resolve("third"));

        assertRefused(good.chain, third.key).hasMessageContaining("does not belong to the first certificate");
        assertRefused(good.chain, other.key).hasMessageContaining("is of another kind than the certificate's (EC)");
    }

    @Test
    void fileThatIsNoCertificateIsRefused() {
        assertRefused(good.key, good.key).hasMessageContaining(good.key.toString());
    }

    @Test
    void keyInAnotherFormatIsToldHowToBeMadeGood() throws Exception {
        Path old = Files.writeString(
                home.resolve("old.pem"), Files.readString(other.key).replace("PRIVATE KEY", "RSA PRIVATE KEY"));

        assertRefused(other.chain, old).hasMessageContaining("openssl pkcs8 -topk8 -nocrypt");
    }

    @Test
    void brokenKeyIsRefusedAndNotQuoted() throws Exception {
        String text = Files.readString(good.key);
        Path broken = Files.writeString(home.resolve("broken.pem"), text.substring(0, 60) + text.substring(100));

        assertRefused(good.chain, broken)
                .hasMessageContaining("cannot be read")
                .hasMessageNotContaining(text.substring(30, 60))
                .hasNoCause();
    }

    @Test
    void certificateThatHasExpiredIsRefusedWithItsDate() throws Exception {
        TestCertificate expired = TestCertificate.in(made.resolve("expired"), "EC", "-10d", 5);

        assertRefused(expired.chain, expired.key)
                .hasMessageContaining(
                        "expired on " + expired.certificate.getNotAfter().toInstant());
    }

    @Test
    void certificateOfTomorrowIsRefused() throws Exception {
        TestCertificate early = TestCertificate.in(made.resolve("early"), "EC", "+2d", 5);

        assertRefused(early.chain, early.key).hasMessageContaining("is not valid before");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(Path chain, Path key) {
        return assertThatThrownBy(() -> Router.inThisJvm(0).tls(chain, key).open("shop", home))
                .isInstanceOf(InfrastructureException.class);
    }
}
