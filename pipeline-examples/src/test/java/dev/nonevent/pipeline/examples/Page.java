package dev.nonevent.pipeline.examples;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * A page of documentation. All its {@code java} fences together are the members of one class, in the order in which they are
 * read; what they import is what a reader's editor would.
 */
final class Page {

    private static final List<String> IMPORTS = List.of(
            "java.net.URI",
            "java.nio.file.Path",
            "java.util.List",
            "java.util.Optional",
            "java.util.function.BooleanSupplier",
            "dev.nonevent.pipeline.bluegreen.BlueGreen",
            "dev.nonevent.pipeline.bluegreen.Canary",
            "dev.nonevent.pipeline.bluegreen.contract.*",
            "dev.nonevent.pipeline.bluegreen.haproxy.HaproxySwitcher",
            "dev.nonevent.pipeline.bluegreen.nginx.NginxSwitcher",
            "dev.nonevent.pipeline.bluegreen.slot.Target",
            "dev.nonevent.pipeline.bluegreen.testkit.*",
            "dev.nonevent.pipeline.bluegreen.traffic.*",
            "dev.nonevent.pipeline.bluegreen.worker.WorkerSignal",
            "dev.nonevent.pipeline.cli.PipelineMain",
            "dev.nonevent.pipeline.definition.Lock",
            "dev.nonevent.pipeline.definition.Pipeline",
            "dev.nonevent.pipeline.deployment.Host",
            "dev.nonevent.pipeline.docker.*",
            "dev.nonevent.pipeline.docker.swarm.*",
            "dev.nonevent.pipeline.event.*",
            "dev.nonevent.pipeline.executor.*",
            "dev.nonevent.pipeline.forge.CommitStatuses",
            "dev.nonevent.pipeline.journal.*",
            "dev.nonevent.pipeline.outcome.InfrastructureException",
            "dev.nonevent.pipeline.plan.Plan",
            "dev.nonevent.pipeline.report.*",
            "dev.nonevent.pipeline.run.*",
            "dev.nonevent.pipeline.secret.Secret",
            "dev.nonevent.pipeline.trigger.ApprovalServer",
            "dev.nonevent.pipeline.trigger.PushServer",
            "dev.nonevent.pipeline.work.Trigger",
            "static dev.nonevent.pipeline.bluegreen.BlueGreen.blueGreen",
            "static dev.nonevent.pipeline.bluegreen.Canary.canary",
            "static dev.nonevent.pipeline.bluegreen.hook.HookTerms.mayFail",
            "static dev.nonevent.pipeline.bluegreen.hook.HookTerms.mustSucceed",
            "static dev.nonevent.pipeline.bluegreen.judge.Judge.errorRate",
            "static dev.nonevent.pipeline.bluegreen.router.Router.router",
            "static dev.nonevent.pipeline.definition.Condition.branchIs",
            "static dev.nonevent.pipeline.deployment.HealthCheck.http",
            "static dev.nonevent.pipeline.deployment.LocalProcesses.localProcesses",
            "static dev.nonevent.pipeline.docker.DockerExecutor.container",
            "static dev.nonevent.pipeline.docker.DockerImage.dockerImage",
            "static dev.nonevent.pipeline.docker.DockerService.service",
            "static dev.nonevent.pipeline.docker.swarm.SwarmExecutor.swarmTask",
            "static dev.nonevent.pipeline.gate.JUnitReports.junit",
            "static dev.nonevent.pipeline.gate.Sarif.sarif",
            "static dev.nonevent.pipeline.gate.Severity.HIGH",
            "static dev.nonevent.pipeline.notice.Notifications.slack",
            "static dev.nonevent.pipeline.notice.Notifications.webhook",
            "static dev.nonevent.pipeline.source.GitSource.git",
            "static java.time.Duration.ofHours",
            "static java.time.Duration.ofMinutes",
            "static java.time.Duration.ofSeconds");

    private final Path file;
    private final String text;

    private Page(Path file) {
        this.file = file;
        try {
            this.text = Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page atTheRoot(String name) {
        return new Page(Path.of("..").resolve(name));
    }

    /** What lies in the fences of this language, in order. */
    List<String> fences(String language) {
        return Pattern.compile("^```" + language + "\\R(.*?)\\R```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(text)
                .results()
                .map(fence -> fence.group(1))
                .toList();
    }

    /** The class that all the code of the page makes. */
    Class<?> compiled(Path classes) throws IOException, ReflectiveOperationException {
        StringBuilder source = new StringBuilder();
        IMPORTS.forEach(type -> source.append("import ").append(type).append(";\n"));
        source.append("class Page {\n");
        fences("java").forEach(fence -> source.append(fence).append('\n'));
        source.append("}\n");
        StringWriter said = new StringWriter();
        boolean compiles = ToolProvider.getSystemJavaCompiler()
                .getTask(
                        said,
                        null,
                        null,
                        List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none"),
                        null,
                        List.of(inMemory(source.toString())))
                .call();
        if (!compiles) {
            throw new AssertionError("the code in " + file + " does not compile:\n" + said);
        }
        URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()}, Page.class.getClassLoader());
        return loader.loadClass("Page");
    }

    static Method method(Class<?> code, String name) {
        Method method = Arrays.stream(code.getDeclaredMethods())
                .filter(candidate -> candidate.getName().equals(name))
                .findFirst()
                .orElseThrow();
        method.setAccessible(true);
        return method;
    }

    /** An object of a class that the page declares. */
    static <T> T instance(Class<?> code, String name, Class<T> type, Object... arguments)
            throws ReflectiveOperationException {
        Constructor<?> constructor =
                code.getClassLoader().loadClass(code.getName() + "$" + name).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return type.cast(constructor.newInstance(arguments));
    }

    private static JavaFileObject inMemory(String source) {
        return new SimpleJavaFileObject(URI.create("string:///Page.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }
}
