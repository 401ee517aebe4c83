package dev.nonevent.pipeline.contract;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.Configuration.consideringOnlyDependenciesInDiagram;
import static com.tngtech.archunit.library.plantuml.rules.PlantUmlArchCondition.adhereToPlantUmlDiagram;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertAll;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.EvaluationResult;
import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rules of the house, for one module. Each module's {@code ArchitectureTest} extends it, and names the picture in
 * {@code ARCHITECTURE.md} it lives in.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ArchitectureContract {

    private static final String ROOT = "dev.nonevent.pipeline";
    private static final int HIDDEN_PERCENT = 40;

    private final House house = House.ofThisModule();
    private final JavaClasses classes = new ClassFileImporter().importPath(Path.of("target", "classes"));
    private final List<JavaClass> topLevel = classes.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().endsWith("-info"))
            .toList();

    private final String picture;
    private final String usedArrow;
    private final int leastTypes;

    /**
     * @param picture what its {@code @startuml} is called
     * @param usedArrow an arrow some class of the module needs
     * @param leastTypes how many top-level types there are at least
     */
    protected ArchitectureContract(String picture, String usedArrow, int leastTypes) {
        this.picture = picture;
        this.usedArrow = usedArrow;
        this.leastTypes = leastTypes;
    }

    /** Rooms that work rather than speak: most of what is in them is nobody else's business. */
    protected Set<String> workingRooms() {
        return Set.of();
    }

    /** Rooms that only their own module sees: what is public in them is public for the rooms beside. */
    protected Set<String> innerRooms() {
        return Set.of();
    }

    /** Classes that are a process's entrance: they may use its streams and its exit code. */
    protected Set<String> entrances() {
        return Set.of();
    }

    @Test
    void looksAtTheClassesThatAreThere() {
        assertThat(topLevel).hasSizeGreaterThanOrEqualTo(leastTypes);
    }

    @Test
    void importsFollowTheArrowsOfThePicture(@TempDir Path directory) throws IOException {
        EvaluationResult result = against(house.picture(picture), directory);

        assertThat(result.getFailureReport().getDetails())
                .as("imports without an arrow in ARCHITECTURE.md")
                .isEmpty();
    }

    @Test
    void importWhoseArrowIsErasedIsReported(@TempDir Path directory) throws IOException {
        String whole = house.picture(picture);
        assertThat(whole.lines()).contains(usedArrow);
        String erased =
                whole.lines().filter(line -> !line.equals(usedArrow)).collect(Collectors.joining("\n", "", "\n"));

        assertThat(against(erased, directory).hasViolation()).isTrue();
    }

    @Test
    void everyRoomInThePictureIsThere() throws IOException {
        assertThat(house.drawnPackages(picture)).isNotEmpty().allMatch(house::isBuilt, "is in the sources of a module");
    }

    @Test
    void everyRoomIsInThePicture() throws IOException {
        assertThat(packagesWithTypes()).isNotEmpty().isSubsetOf(house.drawnPackages(picture));
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
    }

    @Test
    void doorwayIsEmpty() {
        assertThat(topLevel)
                .extracting(JavaClass::getPackageName)
                .allMatch(name -> name.startsWith(ROOT + "."), "is in a room of " + ROOT);
    }

    @Test
    void noRoomIsAJunkDrawer() {
        assertThat(packagesWithTypes())
                .noneMatch(
                        name -> name.matches(
                                ".*\\.(util|utils|common|commons|impl|misc|helper|helpers|shared|internal|base|spi|api)(\\..*)?"));
    }

    @Test
    void namesSayWhatAThingIs() {
        assertThat(classes.stream().map(JavaClass::getSimpleName))
                .noneMatch(name -> name.matches(
                        ".*(Impl|Manager|Helper|Helpers|Util|Utils|Data|Info)|(Abstract|Base|Default)[A-Z].*"));
    }

    @Test
    void everyRoomIsNullMarked() {
        Set<String> marked = classes.stream()
                .map(JavaClass::getPackage)
                .filter(room -> room.tryGetAnnotationOfType(NullMarked.class).isPresent())
                .map(JavaPackage::getName)
                .collect(Collectors.toSet());

        assertThat(packagesWithTypes()).isNotEmpty().isSubsetOf(marked);
    }

    @Test
    void roomsWithAPublicTypeAreExportedAndInnerRoomsAreNot() {
        ModuleDescriptor module = ModuleFinder.of(Path.of("target", "classes")).findAll().stream()
                .findFirst()
                .orElseThrow()
                .descriptor();
        Set<String> open = topLevel.stream()
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getPackageName)
                .filter(room -> !innerRooms().contains(room))
                .collect(Collectors.toSet());

        assertThat(module.exports())
                .extracting(ModuleDescriptor.Exports::source)
                .as("exports in module-info")
                .containsExactlyInAnyOrderElementsOf(open);
    }

    @Test
    void timeAndChanceAreAskedNeverTaken() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".time..")
                .should()
                .accessTargetWhere(named(
                        "take the time or chance themselves instead of asking a TimeSource",
                        Set.of(
                                "java.lang.System.nanoTime",
                                "java.lang.System.currentTimeMillis",
                                "java.lang.Thread.sleep",
                                "java.util.concurrent.TimeUnit.sleep",
                                "java.time.Instant.now",
                                "java.time.LocalDate.now",
                                "java.time.LocalDateTime.now",
                                "java.time.LocalTime.now",
                                "java.time.ZonedDateTime.now",
                                "java.time.OffsetDateTime.now",
                                "java.time.Clock.systemUTC",
                                "java.time.Clock.systemDefaultZone",
                                "java.lang.Math.random",
                                "java.util.Random.<init>",
                                "java.util.concurrent.ThreadLocalRandom.current")))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void onlyAnEntranceTouchesTheProcessItself() {
        noClasses()
                .that(DescribedPredicate.describe(
                        "are no entrance",
                        type -> !entrances().contains(outermost(type).getSimpleName())))
                .should()
                .accessTargetWhere(named(
                        "use the process's streams, end or hooks",
                        Set.of(
                                "java.lang.System.out",
                                "java.lang.System.err",
                                "java.lang.System.in",
                                "java.lang.System.exit",
                                "java.lang.Runtime.exit",
                                "java.lang.Runtime.halt",
                                "java.lang.Runtime.addShutdownHook",
                                "java.lang.Throwable.printStackTrace")))
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void loggingGoesThroughSlf4j() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.logging..", "org.apache.logging..", "org.apache.commons.logging..")
                .allowEmptyShould(true)
                .check(classes);
    }

    @Test
    void pluggingInIsPassingAnObject() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.ServiceLoader")
                .allowEmptyShould(true)
                .check(classes);
        fields().that().areStatic().should().beFinal().allowEmptyShould(true).check(classes);
    }

    @Test
    void workingRoomsHideMostOfWhatTheyHold() {
        assertAll(workingRooms().stream().map(room -> () -> {
            List<JavaClass> types = topLevel.stream()
                    .filter(type -> type.getPackageName().equals(room))
                    .toList();
            long hidden = types.stream()
                    .filter(type -> !type.getModifiers().contains(JavaModifier.PUBLIC))
                    .count();

            assertThat(types).as(room).isNotEmpty();
            assertThat(100 * hidden / types.size())
                    .as("%% of hidden top-level types in %s", room)
                    .isGreaterThanOrEqualTo(HIDDEN_PERCENT);
        }));
    }

    @Test
    void methodsTakeAtMostSevenParameters() {
        assertThat(classes.stream()
                        .flatMap(type -> type.getMethods().stream())
                        .filter(method -> !method.getModifiers().contains(JavaModifier.SYNTHETIC))
                        .filter(method -> method.getRawParameterTypes().size() > 7))
                .isEmpty();
    }

    @Test
    void filesAndMethodsStayReadable() throws IOException {
        assertThat(House.tooLong(Path.of("src"))).isEmpty();
    }

    private EvaluationResult against(String diagram, Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("rooms.puml"), diagram);
        return classes()
                .that()
                .doNotHaveSimpleName("module-info")
                .should(adhereToPlantUmlDiagram(file, consideringOnlyDependenciesInDiagram()))
                .evaluate(classes);
    }

    private Set<String> packagesWithTypes() {
        return topLevel.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    }

    private static JavaClass outermost(JavaClass type) {
        return Stream.iterate(
                        type,
                        inner -> inner.getEnclosingClass().isPresent(),
                        inner -> inner.getEnclosingClass().get())
                .reduce(type, (first, last) -> last)
                .getEnclosingClass()
                .orElse(type);
    }

    private static DescribedPredicate<JavaAccess<?>> named(String description, Set<String> targets) {
        return DescribedPredicate.describe(
                description,
                access -> targets.contains(access.getTargetOwner().getName() + "."
                        + access.getTarget().getName()));
    }
}
