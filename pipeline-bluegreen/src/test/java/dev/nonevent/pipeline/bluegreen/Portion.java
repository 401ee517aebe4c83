package dev.nonevent.pipeline.bluegreen;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * How much of a proof is carried out: in every build the same few cases, spread evenly over all there are;
 * {@code -Dproofs.turn=N} takes others. In full size all of them, where {@code -Dcrashes.errands=CANARY,DOWN} and
 * {@code -Dcrashes.part=2/5} cut it into pieces. For one thread.
 */
public final class Portion {

    private static final boolean WHOLE = "whole".equals(System.getProperty("proofs"));
    public static final int TURN = Integer.getInteger("proofs.turn", 0);

    /** Its multiples, without their whole part, come nowhere close to each other. */
    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private static final double MIDDLE = 0.5;

    private final boolean whole;
    private final int turn;
    private int taken;

    public Portion() {
        this(WHOLE, TURN);
    }

    Portion(boolean whole, int turn) {
        this.whole = whole;
        this.turn = turn;
        this.taken = turn;
    }

    /** In full size all of them, in this order, unless some were named; otherwise so many. */
    public List<Errand> of(List<Errand> errands, int bounded) {
        if (!whole) {
            return IntStream.range(0, bounded)
                    .mapToObj(place -> errands.get(Math.floorMod(turn * bounded + place, errands.size())))
                    .toList();
        }
        Set<Errand> named = Arrays.stream(
                        System.getProperty("crashes.errands", "").split(","))
                .filter(name -> !name.isEmpty())
                .map(Errand::valueOf)
                .collect(Collectors.toSet());
        return errands.stream()
                .filter(errand -> named.isEmpty() || named.contains(errand))
                .toList();
    }

    /** In full size all of them, or all of this part; otherwise one. */
    public <T> List<T> of(List<T> all) {
        if (!whole) {
            return one(all);
        }
        String[] part = System.getProperty("crashes.part", "1/1").split("/");
        List<T> these = new ArrayList<>();
        for (int place = Integer.parseInt(part[0]) - 1; place < all.size(); place += Integer.parseInt(part[1])) {
            these.add(all.get(place));
        }
        return these;
    }

    /** In full size all of them, whatever the part; otherwise one. */
    public <T> List<T> each(List<T> all) {
        return whole ? all : one(all);
    }

    private <T> List<T> one(List<T> all) {
        double place = (MIDDLE + GOLDEN * taken++) % 1;
        return List.of(all.get((int) (place * all.size())));
    }

    /** One death and all that follows. */
    @FunctionalInterface
    public interface Death {
        void happens() throws Exception;
    }

    /** Says where it was, if it goes wrong. */
    public static void told(String where, Death death) throws Exception {
        try {
            death.happens();
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(where + ": " + e.getMessage(), e);
        }
    }
}
