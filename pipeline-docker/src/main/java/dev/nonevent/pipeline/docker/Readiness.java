package dev.nonevent.pipeline.docker;

import com.github.dockerjava.api.command.HealthState;
import com.github.dockerjava.api.command.HealthStateLog;
import dev.nonevent.pipeline.deployment.HealthCheck;
import dev.nonevent.pipeline.deployment.Instance;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/** By what a service is known to be ready. */
sealed interface Readiness {

    int CONNECT_MILLIS = 1000;

    /** How long a connection must stay open to be the service's, and not only the engine's before it. */
    int STAYS_MILLIS = 250;

    int LONGEST_WORD = 200;

    /** What is still missing, as the end of a sentence about the service; empty when it is ready. */
    Optional<String> missing(Glance glance) throws InterruptedException;

    /** The port it asks, if it asks one. */
    default Optional<Integer> port() {
        return Optional.empty();
    }

    /** Text from outside, short and on one line. */
    private static String shown(String text) {
        StringBuilder line = new StringBuilder();
        text.codePoints()
                .limit(LONGEST_WORD)
                .forEach(point -> line.appendCodePoint(Character.isISOControl(point) ? ' ' : point));
        return line.toString();
    }

    /** It has printed this text, this many times. */
    record Said(String text, int times) implements Readiness {

        @Override
        public Optional<String> missing(Glance glance) {
            return glance.hasSaidIt()
                    ? Optional.empty()
                    : Optional.of(
                            "it has not said \"" + shown(text) + "\"" + (times == 1 ? "" : " " + times + " times"));
        }
    }

    /** Something listens there. */
    record Listening(int number) implements Readiness {

        @Override
        public Optional<Integer> port() {
            return Optional.of(number);
        }

        @Override
        public Optional<String> missing(Glance glance) {
            return answers(glance) ? Optional.empty() : Optional.of("nothing listens on its port " + number);
        }

        /**
         * The published port is answered by the engine, which hangs up when nothing listens behind it. Where the container
         * itself can be reached, its refusal is certain, however late that comes.
         */
        private boolean answers(Glance glance) {
            return stays(glance.published(number)) && !refused(glance.inside(number));
        }

        private static boolean stays(InetSocketAddress address) {
            try (Socket socket = new Socket()) {
                socket.connect(address, CONNECT_MILLIS);
                socket.setSoTimeout(STAYS_MILLIS);
                return socket.getInputStream().read() >= 0;
            } catch (SocketTimeoutException silent) {
                return true;
            } catch (IOException notThere) {
                return false;
            }
        }

        private static boolean refused(Optional<InetSocketAddress> address) {
            if (address.isEmpty()) {
                return false;
            }
            try (Socket socket = new Socket()) {
                socket.connect(address.get(), STAYS_MILLIS);
                return false;
            } catch (ConnectException refused) {
                return String.valueOf(refused.getMessage()).contains("refused");
            } catch (IOException unreachable) {
                return false;
            }
        }
    }

    /** A GET there is answered with 200 to 299. */
    record Answering(int number, String path) implements Readiness {

        @Override
        public Optional<Integer> port() {
            return Optional.of(number);
        }

        @Override
        public Optional<String> missing(Glance glance) throws InterruptedException {
            InetSocketAddress published = glance.published(number);
            URI address = URI.create("http://127.0.0.1:" + published.getPort());
            return HealthCheck.http(path)
                    .probe(new Instance("service", "service", address))
                    .problem()
                    .map(problem -> "GET " + shown(path) + " on its port " + number + " " + problem);
        }
    }

    /**
     * The engine's own checks of the container succeed.
     *
     * @param argv what they run; empty: what the image says
     */
    record Healthy(List<String> argv) implements Readiness {

        @Override
        public Optional<String> missing(Glance glance) {
            HealthState health = glance.health();
            if (health != null && "healthy".equals(health.getStatus())) {
                return Optional.empty();
            }
            String what = argv.isEmpty() ? "its HEALTHCHECK" : shown(String.join(" ", argv));
            List<HealthStateLog> log = health == null || health.getLog() == null ? List.of() : health.getLog();
            return Optional.of(
                    log.isEmpty() ? what + " has not succeeded" : what + " " + last(log.get(log.size() - 1)));
        }

        private static String last(HealthStateLog check) {
            String output = String.valueOf(check.getOutput()).strip();
            return "exited " + check.getExitCodeLong() + (output.isEmpty() ? "" : " (" + shown(output) + ")");
        }
    }
}
