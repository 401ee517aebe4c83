package dev.nonevent.pipeline.examples;

import java.io.File;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The command lines of the tools the little shop is built with: the JDK that runs us, JUnit's console and SpotBugs. */
record Jdk(Path home, String classPath) {

    static Jdk running() {
        return new Jdk(Path.of(System.getProperty("java.home")), System.getProperty("java.class.path"));
    }

    String java() {
        return tool("java");
    }

    String[] javac(String... arguments) {
        return command(tool("javac"), arguments);
    }

    String[] jar(String... arguments) {
        return command(tool("jar"), arguments);
    }

    /** Our own class path, which has JUnit, with the given files before it. */
    String with(String... files) {
        return String.join(File.pathSeparator, files) + File.pathSeparator + classPath;
    }

    /** JUnit's console launcher: exit code 1 means that tests failed; the reports say which. */
    String[] unitTests(String classes, String jar, String reports) {
        return jvm(
                with(classes, jar),
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--scan-classpath=" + classes,
                "--reports-dir=" + reports,
                "--disable-banner",
                "--details=none");
    }

    /** SpotBugs with the Find Security Bugs detectors; it writes a report and exits with 0 also if it finds something. */
    String[] securityScan(String jar, String report) {
        String detectors = Stream.of(classPath.split(File.pathSeparator))
                .filter(entry -> entry.contains("findsecbugs-plugin"))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("the class path has no findsecbugs-plugin"));
        return jvm(
                classPath,
                "edu.umd.cs.findbugs.FindBugs2",
                "-effort:min",
                "-low",
                "-sarif=" + report,
                "-pluginList",
                detectors,
                jar);
    }

    private String[] jvm(String path, String... arguments) {
        // A tool that lives for a second is better off without the optimising compiler.
        return command(
                java(),
                Stream.concat(
                                Stream.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-cp", path),
                                Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    private String tool(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private static String[] command(String program, String... arguments) {
        return Stream.concat(Stream.of(program), Arrays.stream(arguments)).toArray(String[]::new);
    }
}
