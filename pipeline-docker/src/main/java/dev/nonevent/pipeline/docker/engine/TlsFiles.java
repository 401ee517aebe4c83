package dev.nonevent.pipeline.docker.engine;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Whom to trust, and who we are, as docker lays it out: {@code ca.pem}, {@code cert.pem} and {@code key.pem} in one directory.
 * The engine's certificate and its host name are always verified.
 *
 * @param authorityRequired whether a missing {@code ca.pem} is an error; otherwise the JDK's own authorities decide
 */
record TlsFiles(Path directory, boolean authorityRequired) {

    private static final char[] IN_MEMORY = {};

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(identity(), authorities().getTrustManagers(), null);
            return context;
        } catch (NoSuchFileException missing) {
            throw unusable(missing.getFile() + " is missing", missing);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable(String.valueOf(e.getMessage()), e);
        }
    }

    private TrustManagerFactory authorities() throws IOException, GeneralSecurityException {
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        Optional<Path> file = file("ca.pem");
        if (file.isEmpty() && !authorityRequired) {
            factory.init((KeyStore) null);
            return factory;
        }
        KeyStore trusted = emptyStore();
        for (X509Certificate each : Pem.certificates(directory.resolve("ca.pem"))) {
            trusted.setCertificateEntry("ca-" + trusted.size(), each);
        }
        factory.init(trusted);
        return factory;
    }

    /** Null, as the JDK has it, for an engine that does not ask who we are. */
    private KeyManager @Nullable [] identity() throws IOException, GeneralSecurityException {
        Optional<Path> certificate = file("cert.pem");
        Optional<Path> key = file("key.pem");
        if (certificate.isEmpty() && key.isEmpty()) {
            return null;
        }
        List<X509Certificate> chain = Pem.certificates(directory.resolve("cert.pem"));
        KeyStore own = emptyStore();
        own.setKeyEntry(
                "own", Pem.privateKey(directory.resolve("key.pem")), IN_MEMORY, chain.toArray(X509Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(own, IN_MEMORY);
        return factory.getKeyManagers();
    }

    private Optional<Path> file(String name) {
        return Optional.of(directory.resolve(name)).filter(Files::exists);
    }

    private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private InfrastructureException unusable(String reason, Exception cause) {
        String first = reason.substring(0, Math.min(1, reason.length())).toLowerCase(Locale.ROOT);
        return new InfrastructureException(
                "the certificates for the Docker engine in " + directory + " cannot be used: " + first
                        + reason.substring(first.length())
                        + ": ca.pem, cert.pem and key.pem are looked for there",
                cause);
    }
}
