package dev.nonevent.pipeline.source;

import dev.nonevent.pipeline.outcome.InfrastructureException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.util.FS;

/**
 * Reaches a repository through the {@code ssh} program of this machine, with the keys, agent, known hosts and settings it
 * has there. It is never asked to ask: a password or an unknown host is a refusal, and a host that is silent for half a
 * minute is given up.
 */
final class MachineSsh extends SshSessionFactory {

    private static final String SILENCE_SECONDS = "30";

    private final List<String> program;

    MachineSsh() {
        this(List.of("ssh"));
    }

    /** @param program with its first arguments; it is started by its name on the PATH */
    MachineSsh(List<String> program) {
        this.program = List.copyOf(program);
    }

    @Override
    public RemoteSession getSession(URIish uri, CredentialsProvider credentials, FS files, int timeoutMillis) {
        return new Session(uri);
    }

    @Override
    public String getType() {
        return "machine";
    }

    private List<String> line(URIish uri, String command) {
        List<String> line = new ArrayList<>(program);
        line.addAll(List.of("-oBatchMode=yes", "-oConnectTimeout=" + SILENCE_SECONDS));
        line.addAll(List.of("-oServerAliveInterval=10", "-oServerAliveCountMax=3"));
        if (uri.getPort() > 0) {
            line.addAll(List.of("-p", String.valueOf(uri.getPort())));
        }
        // Nothing after the dashes is an option, whatever the address looks like.
        line.addAll(List.of("--", uri.getUser() == null ? uri.getHost() : uri.getUser() + "@" + uri.getHost()));
        line.add(command);
        return line;
    }

    /** One connection; ends what it has started. */
    private final class Session implements RemoteSession {

        private final URIish uri;
        private final List<Process> started = new ArrayList<>();

        Session(URIish uri) {
            this.uri = uri;
        }

        @Override
        public Process exec(String command, int timeoutSeconds) {
            try {
                Process process = new ProcessBuilder(line(uri, command)).start();
                started.add(process);
                return new Interruptible(process);
            } catch (IOException absent) {
                throw new InfrastructureException(
                        "repository " + uri + " needs the program " + program.get(0) + ", which cannot be started: "
                                + absent.getMessage(),
                        absent);
            }
        }

        @Override
        public void disconnect() {
            started.forEach(Process::destroyForcibly);
        }
    }

    /**
     * A process whose output can be waited for by a thread that is interrupted: a pipe alone would not hear it. Its output
     * ends only when all it complained of was read, since JGit looks at the complaint as soon as the output has ended.
     */
    private static final class Interruptible extends Process {

        private static final long LOOK_MILLIS = 10;
        private static final long COMPLAINT_SECONDS = 5;

        private final Process process;
        private final InputStream output;
        private final InputStream complaint;
        private final CountDownLatch complained = new CountDownLatch(1);

        Interruptible(Process process) {
            this.process = process;
            this.output = interruptible(process.getInputStream());
            this.complaint = noted(process.getErrorStream());
        }

        private InputStream interruptible(InputStream pipe) {
            return new FilterInputStream(pipe) {
                @Override
                public int read() throws IOException {
                    awaitBytes(in);
                    return toldTheEnd(super.read());
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    awaitBytes(in);
                    return toldTheEnd(super.read(bytes, offset, length));
                }
            };
        }

        private InputStream noted(InputStream pipe) {
            return new FilterInputStream(pipe) {
                @Override
                public int read() throws IOException {
                    return noted(super.read());
                }

                @Override
                public int read(byte[] bytes, int offset, int length) throws IOException {
                    return noted(super.read(bytes, offset, length));
                }

                /** Whoever reads on has taken in what came before. */
                private int noted(int read) {
                    if (read < 0) {
                        complained.countDown();
                    }
                    return read;
                }
            };
        }

        private void awaitBytes(InputStream pipe) throws IOException {
            try {
                boolean ended = false;
                while (!ended && pipe.available() == 0) {
                    ended = process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
        }

        /** A grandchild may hold the other pipe open for ever, so not even its end is waited for without end. */
        private int toldTheEnd(int read) throws IOException {
            try {
                if (read < 0 && !complained.await(COMPLAINT_SECONDS, TimeUnit.SECONDS)) {
                    complained.countDown();
                }
                return read;
            } catch (InterruptedException stopped) {
                throw interrupted(stopped);
            }
        }

        private static IOException interrupted(InterruptedException stopped) {
            return (IOException) new InterruptedIOException("stopped while ssh was silent").initCause(stopped);
        }

        @Override
        public OutputStream getOutputStream() {
            return process.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return output;
        }

        @Override
        public InputStream getErrorStream() {
            return complaint;
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public int exitValue() {
            return process.exitValue();
        }

        @Override
        public void destroy() {
            process.destroyForcibly();
        }
    }
}
