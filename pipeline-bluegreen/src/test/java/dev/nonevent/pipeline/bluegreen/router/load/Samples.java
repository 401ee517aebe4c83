package dev.nonevent.pipeline.bluegreen.router.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** What a process held from second to second, as the kernel tells it, and whether that grew. For use by one thread. */
public final class Samples {

    private final Path proc;
    private final List<Sample> all = new ArrayList<>();

    public Samples(long pid) {
        this(Path.of("/proc", Long.toString(pid)));
    }

    Samples(Path proc) {
        this.proc = proc;
    }

    /**
     * @param second since the first sample
     * @param kilobytes resident
     * @param files open, sockets included
     */
    public record Sample(long second, long kilobytes, long files, long threads) {}

    public Sample take(long second) throws IOException {
        List<String> status = Files.readAllLines(proc.resolve("status"));
        Sample taken = new Sample(second, number(status, "VmRSS:"), openFiles(), number(status, "Threads:"));
        all.add(taken);
        return taken;
    }

    void add(Sample sample) {
        all.add(sample);
    }

    public List<Sample> all() {
        return List.copyOf(all);
    }

    /** Of the samples from this second on. */
    public Samples since(long second) {
        Samples later = new Samples(proc);
        all.stream().filter(sample -> sample.second() >= second).forEach(later::add);
        return later;
    }

    /** Growth per minute of the line through the second half of the samples that comes closest to them. */
    public double slopePerMinute(ToLongFunction<Sample> what) {
        List<Sample> half = all.subList(all.size() / 2, all.size());
        double meanX = half.stream().mapToLong(Sample::second).average().orElse(0);
        double meanY = half.stream().mapToLong(what).average().orElse(0);
        double above = 0;
        double below = 0;
        for (Sample sample : half) {
            double x = sample.second() - meanX;
            above += x * (what.applyAsLong(sample) - meanY);
            below += x * x;
        }
        return below == 0 ? 0 : above / below * 60;
    }

    /** The median of the last third of the samples, as a part of that of the second third. */
    public double lastThirdToSecond(ToLongFunction<Sample> what) {
        int third = all.size() / 3;
        return (double) median(all.subList(all.size() - third, all.size()), what)
                / median(all.subList(third, 2 * third), what);
    }

    /** One line for each sample, {@code every} so many. */
    public String table(int every) {
        StringBuilder table =
                new StringBuilder(String.format("%8s %12s %8s %8s%n", "second", "resident kB", "files", "threads"));
        for (int i = 0; i < all.size(); i += every) {
            Sample at = all.get(i);
            table.append(String.format("%8d %12d %8d %8d%n", at.second(), at.kilobytes(), at.files(), at.threads()));
        }
        return table.toString();
    }

    private static long median(List<Sample> of, ToLongFunction<Sample> what) {
        long[] sorted = of.stream().mapToLong(what).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private long openFiles() throws IOException {
        try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
            return files.count();
        }
    }

    private static long number(List<String> status, String name) {
        String line =
                status.stream().filter(l -> l.startsWith(name)).findFirst().orElseThrow();
        return Long.parseLong(line.substring(name.length()).replace("kB", "").strip());
    }
}
