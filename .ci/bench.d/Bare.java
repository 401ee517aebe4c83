import java.util.*;
import java.util.concurrent.*;

/** What Java can do at best: the same stages with ProcessBuilder and a pipe each, and nothing kept. */
final class Bare {
    public static void main(String[] args) throws Exception {
        int parallel = Integer.parseInt(args[0]);
        String shape = args[1];
        int stages = Integer.parseInt(args[2]);
        List<String> argv = List.of(args).subList(3, args.length);
        ExecutorService pool = Executors.newFixedThreadPool(parallel);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < stages; i++) {
            CompletableFuture<?>[] before = before(shape, i, stages, all);
            all.add(CompletableFuture.allOf(before).thenRunAsync(() -> run(argv), pool));
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get();
        pool.shutdown();
    }
    private static void run(List<String> argv) {
        try {
            Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            if (process.waitFor() != 0) {
                throw new IllegalStateException(argv + " failed");
            }
        } catch (Exception broken) {
            throw new IllegalStateException(broken);
        }
    }
    private static CompletableFuture<?>[] before(String shape, int index, int stages, List<CompletableFuture<Void>> all) {
        int width = Math.max(1, stages / 10);
        int first = (index / width - 1) * width;
        List<CompletableFuture<Void>> before = new ArrayList<>();
        if (shape.equals("chain") && index > 0) {
            before.add(all.get(index - 1));
        } else if (shape.equals("full") && first >= 0) {
            before.addAll(all.subList(first, first + width));
        } else if (shape.equals("layers") && first >= 0) {
            for (int i = 0; i < Math.min(3, width); i++) {
                before.add(all.get(first + (index + i) % width));
            }
        }
        return before.toArray(CompletableFuture[]::new);
    }
}
