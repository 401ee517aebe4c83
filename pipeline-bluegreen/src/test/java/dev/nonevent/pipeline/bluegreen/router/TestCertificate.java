package dev.nonevent.pipeline.bluegreen.router;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for localhost that vouches for itself, made by the JDK's keytool, and its two files of PEM. */
public final class TestCertificate {

    private static final String PASSWORD = "not-a-secret";

    public final Path chain;
    public final Path key;
    public final X509Certificate certificate;
    private final PrivateKey privateKey;

    private TestCertificate(Path directory, X509Certificate certificate, PrivateKey privateKey) throws Exception {
        this.chain = directory.resolve("chain.pem");
        this.key = directory.resolve("key.pem");
        this.certificate = certificate;
        this.privateKey = privateKey;
        Files.createDirectories(directory);
        Files.writeString(chain, pem("CERTIFICATE", certificate.getEncoded()));
        Files.writeString(key, pem("PRIVATE KEY", privateKey.getEncoded()));
    }

    /** Valid from yesterday on, for a year. */
    public static TestCertificate in(Path directory) throws Exception {
        return in(directory, "EC", "-1d", 365);
    }

    /** @param from as keytool wants it: {@code -10d} */
    public static TestCertificate in(Path directory, String algorithm, String from, int days) throws Exception {
        Files.createDirectories(directory);
        Path store = directory.resolve("store.p12");
        Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
        Process process = new ProcessBuilder(
                        keytool.toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        algorithm,
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost,ip:127.0.0.1",
                        "-startdate",
                        from,
                        "-validity",
                        Integer.toString(days),
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        PASSWORD)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.out").toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("keytool.out")))
                .isZero();
        KeyStore made = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            made.load(in, PASSWORD.toCharArray());
        }
        return new TestCertificate(directory, (X509Certificate) made.getCertificate("server"), (PrivateKey)
                made.getKey("server", PASSWORD.toCharArray()));
    }

    /** The same pair in files of its own. */
    public TestCertificate copy(Path directory) throws Exception {
        return new TestCertificate(directory, certificate, privateKey);
    }

    /** For clients that trust this one and no other. */
    public SSLContext trust() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("server", certificate);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }

    /** Puts its files where another's are, each as a whole. */
    public void replace(TestCertificate other) throws IOException {
        move(key, other.key);
        move(chain, other.chain);
    }

    private static void move(Path from, Path to) throws IOException {
        Path next = to.resolveSibling(to.getFileName() + ".next");
        Files.copy(from, next, StandardCopyOption.REPLACE_EXISTING);
        Files.move(next, to, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String what, byte[] encoded) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
                + "\n-----END " + what + "-----\n";
    }
}
