package dev.nonevent.pipeline.contract;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/** What lies around the code: the map at the root, and the sources of the module whose tests are running. */
final class House {

    private static final int FILE_LINES = 400;
    private static final int METHOD_LINES = 40;
    private static final Path TESTS = Path.of("src", "test");

    private final Path root;

    private House(Path root) {
        this.root = root;
    }

    static House ofThisModule() {
        Path directory = Path.of("").toAbsolutePath();
        while (!Files.exists(directory.resolve("ARCHITECTURE.md"))) {
            directory = directory.getParent();
            if (directory == null) {
                throw new IllegalStateException("ARCHITECTURE.md is in none of the directories above the module");
            }
        }
        return new House(directory);
    }

    /** The PlantUML text whose {@code @startuml} has this name. */
    String picture(String name) throws IOException {
        String page = Files.readString(root.resolve("ARCHITECTURE.md"));
        Matcher fence = Pattern.compile(
                        "^```plantuml\\R(@startuml " + Pattern.quote(name) + "\\R.*?)^```$",
                        Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(page);
        if (!fence.find()) {
            throw new IllegalStateException("ARCHITECTURE.md has no plantuml fence that starts \"" + name + "\"");
        }
        return fence.group(1);
    }

    /** Every package the picture names, without the dots that stand for what is below. */
    List<String> drawnPackages(String picture) throws IOException {
        Matcher stereotype = Pattern.compile("<<([a-z.]+?)(?:\\.\\.)?>>").matcher(picture(picture));
        return stereotype.results().map(result -> result.group(1)).toList();
    }

    /** Whether a module has a room for the package. */
    boolean isBuilt(String packageName) {
        Path room = Path.of("src", "main", "java").resolve(packageName.replace('.', '/'));
        try (Stream<Path> modules = Files.list(root)) {
            return modules.anyMatch(module -> Files.exists(module.resolve(room).resolve("package-info.java")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Files of the module, and methods of its main code, that are longer than a reader's patience; each as a sentence. */
    static List<String> tooLong(Path sources) throws IOException {
        List<Path> files = javaFiles(sources);
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            long lines = Files.readString(file).lines().count();
            if (lines > FILE_LINES) {
                found.add(file + " has " + lines + " lines; split it by concept");
            }
        }
        // A test is a story told once, and may be longer than a step of the machine.
        findLongMethods(files.stream().filter(file -> !file.startsWith(TESTS)).toList(), found);
        return found;
    }

    private static List<Path> javaFiles(Path sources) throws IOException {
        try (Stream<Path> walk = Files.walk(sources)) {
            return walk.filter(file -> file.toString().endsWith(".java")).toList();
        }
    }

    private static void findLongMethods(List<Path> files, List<String> found) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask) compiler.getTask(
                    null,
                    manager,
                    problem -> {},
                    List.of("-proc:none"),
                    null,
                    manager.getJavaFileObjectsFromPaths(files));
            SourcePositions positions = Trees.instance(task).getSourcePositions();
            for (CompilationUnitTree unit : task.parse()) {
                new LongMethods(unit, positions, found).scan(unit, null);
            }
        }
    }

    private static final class LongMethods extends TreePathScanner<Void, Void> {

        private final CompilationUnitTree unit;
        private final SourcePositions positions;
        private final List<String> found;

        LongMethods(CompilationUnitTree unit, SourcePositions positions, List<String> found) {
            this.unit = unit;
            this.positions = positions;
            this.found = found;
        }

        @Override
        public Void visitMethod(MethodTree method, Void nothing) {
            LineMap lines = unit.getLineMap();
            long first = lines.getLineNumber(positions.getStartPosition(unit, method));
            long last = lines.getLineNumber(positions.getEndPosition(unit, method));
            if (last - first + 1 > METHOD_LINES) {
                found.add(unit.getSourceFile().getName() + ":" + first + " " + method.getName() + " has "
                        + (last - first + 1) + " lines; give its steps names");
            }
            return super.visitMethod(method, nothing);
        }
    }
}
