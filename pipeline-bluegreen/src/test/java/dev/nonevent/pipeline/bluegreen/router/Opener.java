package dev.nonevent.pipeline.bluegreen.router;

import dev.nonevent.pipeline.bluegreen.slot.Colour;
import dev.nonevent.pipeline.bluegreen.slot.Target;
import dev.nonevent.pipeline.bluegreen.traffic.Traffic;
import java.net.URI;
import java.nio.file.Path;

/** A deployer in a JVM of its own that opens the router (with an access log, if one is named), switches, says where it is, and waits to be killed. */
public final class Opener {

    private Opener() {}

    public static void main(String[] args) throws Exception {
        Router router =
                args.length < 3 ? Router.router(0) : Router.router(0).preview(0).accessLog(Path.of(args[2]));
        Traffic traffic = router.open("shop", Path.of(args[0]));
        traffic.switchTo(new Target(Colour.BLUE, "shop-1", URI.create(args[1])), 1);
        System.out.println(traffic.address());
        Thread.currentThread().join();
    }
}
