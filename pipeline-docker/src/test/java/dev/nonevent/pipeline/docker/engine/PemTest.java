package dev.nonevent.pipeline.docker.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {

    /** What PKCS#8 puts before an RSA key of 2048 bits: two lengths, a number and the kind. */
    private static final int BEFORE_AN_RSA_KEY = 26;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyOfEveryUsualKindIsRead(String kind) throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance(kind).generateKeyPair();
        Path file = TestCertificates.write(
                directory.resolve("key.pem"), "PRIVATE KEY", pair.getPrivate().getEncoded());

        assertThat(Pem.privateKey(file).getEncoded())
                .isEqualTo(pair.getPrivate().getEncoded());
    }

    @Test
    void anRsaKeyInTheOldFormIsReadToo() throws Exception {
        KeyPair pair = KeyPairGenerator.getInstance("RSA").generateKeyPair();
        byte[] whole = pair.getPrivate().getEncoded();
        byte[] old = Arrays.copyOfRange(whole, BEFORE_AN_RSA_KEY, whole.length);
        Path file = TestCertificates.write(directory.resolve("key.pem"), "RSA PRIVATE KEY", old);

        assertThat(Pem.privateKey(file)).isEqualTo(pair.getPrivate());
    }

    @ParameterizedTest
    @ValueSource(strings = {"EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY"})
    void aKeyInAFormThatIsNotReadIsNamedWithTheWayOut(String form) throws Exception {
        Path file = TestCertificates.write(directory.resolve("key.pem"), form, new byte[] {1, 2, 3});

        assertThatThrownBy(() -> Pem.privateKey(file))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        file + " is a key in the form \"" + form + "\", which is not read here: openssl pkcs8 -topk8"
                                + " -nocrypt -in " + file + " makes one that is");
    }

    @Test
    void whatIsNoKeyIsNamed() throws Exception {
        Path file = TestCertificates.write(directory.resolve("key.pem"), "PRIVATE KEY", new byte[] {1, 2, 3});
        Path empty = Files.createFile(directory.resolve("empty.pem"));

        assertThatThrownBy(() -> Pem.privateKey(file)).hasMessageContaining("is no private key of a kind known here");
        assertThatThrownBy(() -> Pem.privateKey(empty)).hasMessage(empty + " has no private key in it");
        assertThatThrownBy(() -> Pem.certificates(empty)).hasMessage(empty + " has no certificate in it");
    }

    @Test
    void aFileOfSeveralCertificatesIsAChain() throws Exception {
        Path one = new TestCertificates("one").writeAuthority(directory.resolve("1"));
        Path two = new TestCertificates("two").writeAuthority(directory.resolve("2"));
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(Files.readAllBytes(one));
        both.writeBytes(Files.readAllBytes(two));
        Path file = Files.write(directory.resolve("both.pem"), both.toByteArray());

        assertThat(Pem.certificates(file))
                .extracting(each -> each.getSubjectX500Principal().getName())
                .containsExactly("CN=one", "CN=two");
    }

    @Test
    void aFileThatIsTooLargeIsNotRead() throws Exception {
        Path file = Files.write(directory.resolve("key.pem"), new byte[(1 << 20) + 1]);

        assertThatThrownBy(() -> Pem.privateKey(file)).hasMessageContaining("is too large");
    }
}
