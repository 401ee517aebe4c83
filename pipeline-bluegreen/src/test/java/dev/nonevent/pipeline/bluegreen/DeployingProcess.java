package dev.nonevent.pipeline.bluegreen;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM of its own that is on an {@link Errand}, and dies or waits at the boundary it is told. */
final class DeployingProcess implements AutoCloseable {

    /** What it does at its boundary. */
    enum Fate {
        /** Nothing: it goes on. */
        LIVE,
        /** As {@code kill -9} does it: nothing is closed, nobody is told. */
        HALT,
        /** Says that it is there, and goes on when it is told. */
        WAIT
    }

    static final int HALTED = 137;
    static final int FAILED = 3;

    private final Process process;
    private final BufferedReader output;

    private DeployingProcess(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    public static void main(String... args) throws Exception {
        ProvingGround ground = new ProvingGround(
                Path.of(args[0]), Integer.parseInt(args[1]), premises(args[6], args[7]), System.out::println);
        Fate fate = Fate.valueOf(args[4]);
        try {
            Errand.valueOf(args[2]).run(ground, Integer.parseInt(args[3]), new Passage(boundary -> {
                if (boundary.equals(args[5])) {
                    meet(fate, boundary);
                }
            }));
            System.out.println("done");
        } catch (RuntimeException e) {
            System.out.println(e.getClass().getSimpleName() + ": " + e.getMessage());
            System.exit(FAILED);
        }
    }

    private static Premises premises(String name, String word) throws ReflectiveOperationException {
        return (Premises)
                Class.forName(name).getDeclaredConstructor(String.class).newInstance(word);
    }

    private static void meet(Fate fate, String boundary) {
        if (fate == Fate.HALT) {
            Runtime.getRuntime().halt(HALTED);
        } else if (fate == Fate.WAIT) {
            System.out.println("at " + boundary);
            try {
                System.in.read();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    static DeployingProcess start(ProvingGround ground, Errand errand, int number, Fate fate, String boundary)
            throws IOException {
        return start(List.of(), ground, errand, number, fate, boundary);
    }

    /** @param under a program, and how it is called, that runs the JVM */
    static DeployingProcess start(
            List<String> under, ProvingGround ground, Errand errand, int number, Fate fate, String boundary)
            throws IOException {
        List<String> line = new ArrayList<>(under);
        line.addAll(List.of(
                java(),
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                DeployingProcess.class.getName(),
                ground.home().toString(),
                "" + ground.port(),
                errand.name(),
                "" + number,
                fate.name(),
                boundary,
                ground.premises().getClass().getName(),
                ground.premises().word()));
        return new DeployingProcess(
                new ProcessBuilder(line).redirectErrorStream(true).start());
    }

    long pid() {
        return process.pid();
    }

    void stop() throws IOException, InterruptedException {
        Signal.send("STOP", pid());
    }

    void resume() throws IOException, InterruptedException {
        Signal.send("CONT", pid());
    }

    /** As {@code kill -9} does it; it is gone when this returns. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(20, TimeUnit.SECONDS);
    }

    /** Reads on until it has said a line that begins so. */
    void awaitLine(String beginning) throws IOException {
        List<String> said = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            said.add(line);
            if (line.startsWith(beginning)) {
                return;
            }
        }
        throw new IllegalStateException("it ended without saying \"" + beginning + "\": " + said);
    }

    /** Tells one that waits to go on. */
    void goOn() throws IOException {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
    }

    /**
     * How it ended.
     *
     * @param said what it said since it was last listened to
     */
    record End(int code, List<String> said) {}

    /** It says too little to wait for a reader. */
    End end() throws IOException, InterruptedException {
        if (!process.waitFor(100, TimeUnit.SECONDS)) {
            kill();
            throw new IllegalStateException("it does not end");
        }
        return new End(process.exitValue(), output.lines().toList());
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** Where the classes of these tests lie. */
    static String classes() {
        try {
            return Path.of(NumberedService.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
