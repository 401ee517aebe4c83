package dev.nonevent.pipeline.docker.engine;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Why an engine cannot be talked to, in one sentence with the way out. */
final class Unreachable {

    private static final int DEEPEST = 20;

    private final URI host;
    private final Throwable failure;
    private final String doing;

    Unreachable(URI host, Throwable failure, String doing) {
        this.host = host;
        this.failure = failure;
        this.doing = doing;
    }

    /** Empty if the connection is not what failed. */
    Optional<String> sentence() {
        return find(SSLException.class)
                .map(this::encryption)
                .or(() -> find(IOException.class).map(this::connection));
    }

    private String encryption(SSLException tls) {
        String said = said(tls).toLowerCase(Locale.ROOT);
        if (find(CertificateExpiredException.class).isPresent()) {
            return "the certificate of the Docker engine at " + host + " has expired (" + doing + "): renew it";
        }
        if (find(CertificateNotYetValidException.class).isPresent()) {
            return "the certificate of the Docker engine at " + host + " is not valid yet (" + doing
                    + "): is a clock wrong?";
        }
        if (tls instanceof SSLPeerUnverifiedException || said.contains("no subject alternative")) {
            return "the certificate of the Docker engine at " + host + " is not for " + host.getHost() + " (" + doing
                    + "): use the name it was made for, or one made for this name";
        }
        if (find(CertPathBuilderException.class).isPresent() || said.contains("path")) {
            return "the certificate of the Docker engine at " + host + " is of an authority that is not trusted ("
                    + doing + "): is it the ca.pem of that engine?";
        }
        if (said.contains("unsupported or unrecognized ssl message") || said.contains("plaintext connection")) {
            return "the Docker engine at " + host + " does not speak TLS (" + doing
                    + "): unset DOCKER_TLS_VERIFY, or name the port on which it does";
        }
        if (said.contains("alert")) {
            return refusesClient(host, said(tls) + ", " + doing);
        }
        return "TLS with the Docker engine at " + host + " failed (" + said(tls) + ", " + doing + ")";
    }

    static String refusesClient(URI host, String reason) {
        return "the Docker engine at " + host + " refuses this client's certificate (" + reason
                + "): are cert.pem and key.pem there, and signed by the authority it trusts?";
    }

    private String connection(IOException io) {
        String said = said(io).toLowerCase(Locale.ROOT);
        String begin = "no Docker engine answers at " + host + " (";
        String end = ", " + doing + "): start one, or name another with DOCKER_HOST";
        if (said.contains("permission denied")) {
            return "this user may not talk to the Docker engine at " + host + " (" + said(io) + ", " + doing
                    + "): add the user to the group that owns the socket, usually docker, and log in again";
        }
        if (io instanceof UnknownHostException) {
            return begin + "there is no host " + host.getHost() + end;
        }
        if (io instanceof SocketTimeoutException || io instanceof NoRouteToHostException) {
            return begin + "its host cannot be reached" + end;
        }
        if ("unix".equals(host.getScheme()) && !Files.exists(Path.of(host.getPath()))) {
            return begin + "its socket is not there" + end;
        }
        return begin + said(io) + end;
    }

    /** The innermost of that kind. */
    private <X extends Throwable> Optional<X> find(Class<X> kind) {
        Optional<X> found = Optional.empty();
        Throwable each = failure;
        for (int depth = 0; each != null && depth < DEEPEST; depth++) {
            if (kind.isInstance(each)) {
                found = Optional.of(kind.cast(each));
            }
            each = each.getCause();
        }
        return found;
    }

    static String said(Throwable failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
