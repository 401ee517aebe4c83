package dev.nonevent.pipeline.docker.engine;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicLong;

/** An authority that signs certificates for tests, without a program or a library: X.509 is a few nested lengths. */
final class TestCertificates {

    private static final byte[] ECDSA_WITH_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2));
    private static final byte[] COMMON_NAME = oid(0x55, 4, 3);
    private static final byte[] BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
    private static final byte[] ALTERNATIVE_NAMES = oid(0x55, 0x1d, 0x11);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final AtomicLong SERIAL = new AtomicLong(System.nanoTime());

    private final String name;
    private final KeyPair key = newKey();
    private final byte[] certificate;

    TestCertificates(String name) throws GeneralSecurityException {
        this.name = name;
        byte[] isAuthority = extension(BASIC_CONSTRAINTS, sequence(tagged(1, new byte[] {(byte) 0xff})));
        this.certificate = signed(name, key, Duration.ofDays(1), isAuthority);
    }

    static KeyPair newKey() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** {@code ca.pem}, {@code cert.pem} and {@code key.pem} for somebody, valid for a day. */
    Path issue(Path directory, String subject, byte[]... names) throws IOException, GeneralSecurityException {
        return issue(directory, subject, Duration.ofDays(1), names);
    }

    /** @param left until it expires; negative: it has */
    Path issue(Path directory, String subject, Duration left, byte[]... names)
            throws IOException, GeneralSecurityException {
        Files.createDirectories(directory);
        KeyPair own = newKey();
        byte[] all = extension(ALTERNATIVE_NAMES, sequence(names));
        writeAuthority(directory);
        write(directory.resolve("cert.pem"), "CERTIFICATE", signed(subject, own, left, names.length == 0 ? null : all));
        write(directory.resolve("key.pem"), "PRIVATE KEY", own.getPrivate().getEncoded());
        return directory;
    }

    Path writeAuthority(Path directory) throws IOException {
        Files.createDirectories(directory);
        return write(directory.resolve("ca.pem"), "CERTIFICATE", certificate);
    }

    static byte[] address(int... bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int each : bytes) {
            out.write(each);
        }
        return tagged(0x87, out.toByteArray());
    }

    static byte[] hostName(String host) {
        return tagged(0x82, host.getBytes(StandardCharsets.US_ASCII));
    }

    static Path write(Path file, String kind, byte[] content) throws IOException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(file, "-----BEGIN " + kind + "-----\n" + body + "\n-----END " + kind + "-----\n");
    }

    private byte[] signed(String subject, KeyPair own, Duration left, byte[] extension)
            throws GeneralSecurityException {
        Instant end = Instant.now().plus(left);
        byte[] version3 = tagged(0xa0, tagged(2, new byte[] {2}));
        byte[] serial = tagged(2, BigInteger.valueOf(SERIAL.incrementAndGet()).toByteArray());
        byte[] validity = sequence(time(end.minus(Duration.ofDays(30))), time(end));
        byte[] toSign = sequence(
                version3,
                serial,
                ECDSA_WITH_SHA256,
                called(name),
                validity,
                called(subject),
                own.getPublic().getEncoded(),
                extension == null ? new byte[0] : tagged(0xa3, sequence(extension)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(toSign);
        return sequence(toSign, ECDSA_WITH_SHA256, tagged(3, joined(new byte[] {0}, signature.sign())));
    }

    private static byte[] time(Instant at) {
        return tagged(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] called(String name) {
        byte[] text = tagged(0x0c, name.getBytes(StandardCharsets.UTF_8));
        return sequence(tagged(0x31, sequence(COMMON_NAME, text)));
    }

    private static byte[] extension(byte[] kind, byte[] content) {
        return sequence(kind, tagged(1, new byte[] {(byte) 0xff}), tagged(4, content));
    }

    private static byte[] oid(int... bytes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int each : bytes) {
            out.write(each);
        }
        return tagged(6, out.toByteArray());
    }

    private static byte[] sequence(byte[]... parts) {
        return tagged(0x30, joined(parts));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] each : parts) {
            out.writeBytes(each);
        }
        return out.toByteArray();
    }

    static byte[] tagged(int tag, byte[] content) {
        byte[] length = BigInteger.valueOf(content.length).toByteArray();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else {
            int from = length[0] == 0 ? 1 : 0;
            out.write(0x80 | (length.length - from));
            out.write(length, from, length.length - from);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
