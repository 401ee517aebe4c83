package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.contract.TrafficSwitcherContract;
import dev.nonevent.pipeline.bluegreen.traffic.TrafficSwitcher;
import java.net.http.HttpClient;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The whole contract again for users who come over TLS, with HTTP/2. */
class RouterOverTlsContractTest extends TrafficSwitcherContract {

    @TempDir
    static Path made;

    private static TestCertificate certificate;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.in(made);
    }

    @Override
    protected TrafficSwitcher switcher() {
        return Router.inThisJvm(0).tls(certificate.chain, certificate.key);
    }

    @Override
    protected HttpClient users() throws Exception {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(certificate.trust())
                .build();
    }
}
