package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import dev.nonevent.pipeline.time.TimeSource;
import io.netty.handler.codec.http2.Http2SecurityUtil;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import java.nio.file.Path;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;

/**
 * What the router shows clients that speak TLS: versions 1.2 and 1.3, with ciphers that have forward secrecy. A pair of
 * files that changed on disk is taken for new connections once it is good; until then the last good one is used.
 */
public final class Certificates {

    private static final int SESSIONS = 2_000;

    private final Path chain;
    private final Path key;
    private final TimeSource time;
    private final Consumer<String> log;

    private volatile Shown shown;

    // of the one thread that refreshes
    private String lastComplaint = "";

    /** What is shown, and what it was read from. */
    private record Shown(KeyPairFiles.Content content, SslContext tls) {}

    /**
     * @param chain PEM, the server's own certificate first
     * @param key PEM, PKCS#8, without a password
     * @param log told of every change and of every pair that was not taken
     * @throws InfrastructureException with a sentence if the pair cannot work; one that has expired can
     */
    public Certificates(Path chain, Path key, TimeSource time, Consumer<String> log) {
        this.chain = chain;
        this.key = key;
        this.time = time;
        this.log = log;
        KeyPairFiles.Content content = KeyPairFiles.read(chain, key);
        KeyPairFiles pair = KeyPairFiles.parse(content, chain, key);
        pair.outOfTime(time.now()).ifPresent(log);
        this.shown = new Shown(content, context(pair));
    }

    /** @throws InfrastructureException with a sentence if clients would not, or could not, accept this pair today */
    public static void check(Path chain, Path key, TimeSource time) {
        KeyPairFiles pair = KeyPairFiles.parse(KeyPairFiles.read(chain, key), chain, key);
        pair.outOfTime(time.now()).ifPresent(sentence -> {
            throw new InfrastructureException(sentence);
        });
    }

    SslContext current() {
        return shown.tls();
    }

    /** Looks at the files again. */
    void refresh() {
        try {
            KeyPairFiles.Content content = KeyPairFiles.read(chain, key);
            if (!content.equals(shown.content())) {
                take(content);
            }
            lastComplaint = "";
        } catch (InfrastructureException e) {
            complain(String.valueOf(e.getMessage()));
        }
    }

    /** Once: the files are looked at often. */
    private void complain(String sentence) {
        if (!sentence.equals(lastComplaint)) {
            lastComplaint = sentence;
            log.accept("the certificate stays as it was: " + sentence);
        }
    }

    private void take(KeyPairFiles.Content content) {
        KeyPairFiles pair = KeyPairFiles.parse(content, chain, key);
        pair.outOfTime(time.now()).ifPresent(sentence -> {
            throw new InfrastructureException(sentence);
        });
        shown = new Shown(content, context(pair));
        log.accept("new connections are shown the certificate in " + chain + ", valid until " + pair.validUntil());
    }

    private SslContext context(KeyPairFiles pair) {
        try {
            return SslContextBuilder.forServer(pair.key(), pair.chain())
                    .sslProvider(SslProvider.JDK)
                    .protocols("TLSv1.3", "TLSv1.2")
                    .ciphers(Http2SecurityUtil.CIPHERS, SupportedCipherSuiteFilter.INSTANCE)
                    .sessionCacheSize(SESSIONS)
                    .applicationProtocolConfig(new ApplicationProtocolConfig(
                            ApplicationProtocolConfig.Protocol.ALPN,
                            ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                            ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                            ApplicationProtocolNames.HTTP_2,
                            ApplicationProtocolNames.HTTP_1_1))
                    .build();
        } catch (SSLException | IllegalArgumentException e) {
            throw new InfrastructureException(
                    "TLS cannot be set up with " + chain + " and " + key + ": " + e.getMessage(), e);
        }
    }
}
