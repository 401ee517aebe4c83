package dev.nonevent.pipeline.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.nonevent.pipeline.bluegreen.router.Router;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RouterByHandTest {

    private static final String MILLIS = "\\d+\\.\\d{3} ";

    @TempDir
    Path home;

    private final HttpServer instance;

    RouterByHandTest() throws IOException {
        instance = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        instance.start();
    }

    @AfterEach
    void stop() {
        instance.stop(0);
    }

    @Test
    void doesWhatEachLineSaysAndSaysHowLongItTook() throws Exception {
        String url = "http://127.0.0.1:" + instance.getAddress().getPort();

        List<String> said =
                told("to shop-1 " + url, "to shop-2 " + url, "drain shop-1", "counts", "down", "to shop-3 x");

        assertThat(said).hasSize(6);
        assertThat(said.get(0)).matches("open " + MILLIS + "http://127\\.0\\.0\\.1:\\d+");
        assertThat(said.get(1)).matches("done " + MILLIS + "users go to shop-1");
        assertThat(said.get(2)).matches("done " + MILLIS + "users go to shop-2");
        assertThat(said.get(3)).matches("done " + MILLIS + "0 finished, 0 cut");
        assertThat(said.get(4)).matches("done " + MILLIS + "shop-1 0 requests, 0 failed, 0 in flight; shop-2 0 .*");
        assertThat(said.get(5)).matches("done " + MILLIS + "nobody answers users any more");
    }

    @Test
    void aLineItCannotFollowIsRefusedAndTheNextIsNot() throws Exception {
        List<String> said = told("left shop-1", "to shop-1", "to shop-1 ftp://nowhere", "counts", "down");

        assertThat(said.subList(1, 4)).allMatch(line -> line.startsWith("refused "));
        assertThat(said.get(4)).matches("done " + MILLIS + "nobody was asked yet");
    }

    private List<String> told(String... lines) throws Exception {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        BufferedReader input = new BufferedReader(new StringReader(String.join("\n", lines)));
        RouterByHand.obey(Router.inThisJvm(0), home, input, new PrintStream(said, true));
        return said.toString().lines().toList();
    }
}
