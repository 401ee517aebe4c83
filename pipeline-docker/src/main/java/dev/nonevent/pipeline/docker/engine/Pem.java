package dev.nonevent.pipeline.docker.engine;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as docker keeps them, read with what the JDK has. */
final class Pem {

    private static final long LARGEST_FILE = 1 << 20;
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> KEY_KINDS = List.of("RSA", "EC", "EdDSA");
    /** {@code INTEGER 0, SEQUENCE {OID rsaEncryption, NULL}}: what PKCS#8 puts before a PKCS#1 key. */
    private static final byte[] RSA_KEY_FOLLOWS = {
        2, 1, 0, 0x30, 13, 6, 9, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 13, 1, 1, 1, 5, 0
    };

    private Pem() {}

    /** All of the file's certificates, in its order; at least one. */
    static List<X509Certificate> certificates(Path file) throws IOException {
        String text = read(file);
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new IOException(file + " has no certificate in it");
            }
            return found;
        } catch (CertificateException e) {
            throw new IOException(file + " is no file of certificates: " + e.getMessage(), e);
        }
    }

    static PrivateKey privateKey(Path file) throws IOException {
        Matcher block = BLOCK.matcher(read(file));
        while (block.find()) {
            byte[] content = Base64.getMimeDecoder().decode(block.group(2));
            String form = block.group(1);
            if (form.equals("PRIVATE KEY")) {
                return key(content, file);
            }
            if (form.equals("RSA PRIVATE KEY")) {
                return key(wrapped(content), file);
            }
            // Parameters of a curve, or a certificate, may stand before the key.
            if (form.endsWith("PRIVATE KEY")) {
                throw new IOException(file + " is a key in the form \"" + form
                        + "\", which is not read here: openssl pkcs8 -topk8 -nocrypt -in " + file
                        + " makes one that is");
            }
        }
        throw new IOException(file + " has no private key in it");
    }

    private static PrivateKey key(byte[] pkcs8, Path file) throws IOException {
        for (String kind : KEY_KINDS) {
            try {
                return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException anotherKind) {
                // The kind is inside; the JDK asks for it beforehand.
            } catch (GeneralSecurityException e) {
                throw new IOException(file + " cannot be read: " + e.getMessage(), e);
            }
        }
        throw new IOException(file + " is no private key of a kind known here: " + String.join(", ", KEY_KINDS));
    }

    private static byte[] wrapped(byte[] pkcs1) {
        ByteArrayOutputStream inner = new ByteArrayOutputStream();
        inner.writeBytes(RSA_KEY_FOLLOWS);
        inner.writeBytes(tagged(4, pkcs1));
        return tagged(0x30, inner.toByteArray());
    }

    /** DER: the tag, the length in as many bytes as it needs, the content. */
    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
                out.write(content.length >> shift);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > LARGEST_FILE) {
            throw new IOException(file + " is too large for a certificate or a key");
        }
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }
}
