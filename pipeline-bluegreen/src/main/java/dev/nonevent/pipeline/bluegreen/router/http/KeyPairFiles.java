package dev.nonevent.pipeline.bluegreen.router.http;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** A certificate chain and the private key of its first certificate, read from two files of PEM. */
final class KeyPairFiles {

    private static final int LARGEST = 256 * 1024;
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private final Path file;
    private final X509Certificate[] chain;
    private final PrivateKey key;

    private KeyPairFiles(Path file, X509Certificate[] chain, PrivateKey key) {
        this.file = file;
        this.chain = chain;
        this.key = key;
    }

    /** The two texts; never printed. */
    record Content(String chain, String key) {

        @Override
        public String toString() {
            return "a certificate chain and its key";
        }
    }

    static Content read(Path chain, Path key) {
        return new Content(text(chain, "certificate chain"), text(key, "private key"));
    }

    /** @throws InfrastructureException with a sentence if it makes no pair */
    static KeyPairFiles parse(Content content, Path chainFile, Path keyFile) {
        X509Certificate[] chain = chain(content.chain(), chainFile);
        PrivateKey key = key(content.key(), keyFile, chain[0].getPublicKey().getAlgorithm());
        if (!belong(key, chain[0].getPublicKey())) {
            throw new InfrastructureException("the private key in " + keyFile
                    + " does not belong to the first certificate in " + chainFile
                    + ": name the key of that certificate, and put the server's own certificate first");
        }
        return new KeyPairFiles(chainFile, chain, key);
    }

    X509Certificate[] chain() {
        return chain.clone();
    }

    PrivateKey key() {
        return key;
    }

    Instant validUntil() {
        return chain[0].getNotAfter().toInstant();
    }

    /** Why clients refuse the certificate at that moment, if they do. */
    Optional<String> outOfTime(Instant now) {
        Instant from = chain[0].getNotBefore().toInstant();
        if (now.isAfter(validUntil())) {
            return Optional.of("the certificate in " + file + " expired on " + validUntil() + ": renew it");
        }
        return now.isBefore(from)
                ? Optional.of("the certificate in " + file + " is not valid before " + from
                        + ": look at the clock of this machine, or take another certificate")
                : Optional.empty();
    }

    private static String text(Path file, String what) {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(LARGEST + 1);
            if (bytes.length > LARGEST) {
                throw new InfrastructureException(
                        "the " + what + " " + file + " is larger than " + LARGEST + " bytes, so it is none");
            }
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) {
            throw new InfrastructureException("the " + what + " " + file + " is missing: put it there", e);
        } catch (IOException e) {
            throw new InfrastructureException(
                    "the " + what + " " + file + " cannot be read (" + e + "): let the router's user read it", e);
        }
    }

    private static X509Certificate[] chain(String text, Path file) {
        try {
            InputStream in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
            X509Certificate[] chain = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toArray(X509Certificate[]::new);
            if (chain.length > 0) {
                return chain;
            }
        } catch (CertificateException e) {
            throw new InfrastructureException(
                    "the certificate chain " + file + " cannot be read (" + e.getMessage() + "): it is to be PEM", e);
        }
        throw new InfrastructureException("there is no certificate in " + file + ": it is to be PEM");
    }

    private static PrivateKey key(String text, Path file, String algorithm) {
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new InfrastructureException("there is no private key of PKCS#8 without a password in " + file
                    + ": make one with openssl pkcs8 -topk8 -nocrypt -in KEY -out " + file.getFileName());
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(text.substring(begin + BEGIN.length(), end));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            // the cause may quote the key
            throw new InfrastructureException("the private key in " + file
                    + " cannot be read, or is of another kind than the certificate's (" + algorithm + ")");
        }
    }

    /** What the one signs, the other must recognise. */
    private static boolean belong(PrivateKey key, PublicKey certified) {
        byte[] words = "the same pair".getBytes(StandardCharsets.US_ASCII);
        try {
            Signature signature = Signature.getInstance(signing(certified.getAlgorithm()));
            signature.initSign(key);
            signature.update(words);
            byte[] signed = signature.sign();
            signature.initVerify(certified);
            signature.update(words);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String signing(String algorithm) {
        return switch (algorithm) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> algorithm;
        };
    }
}
