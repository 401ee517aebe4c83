package dev.nonevent.pipeline.bluegreen.router.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClassPathTest {

    @Test
    void daemonGetsEveryClassAndTheNativeLibrary() throws Exception {
        List<URL> places = new ArrayList<>();
        for (String place : ClassPath.ofTheDaemon().split(File.pathSeparator)) {
            places.add(Path.of(place).toUri().toURL());
        }

        try (URLClassLoader daemon =
                new URLClassLoader(places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            assertThat(Class.forName(RouterDaemon.class.getName(), true, daemon).getClassLoader())
                    .isSameAs(daemon);
            assertThat(daemon.getResource("META-INF/native/libnetty_transport_native_epoll_x86_64.so"))
                    .isNotNull();
            assertThat(daemon.getResource("META-INF/native/libnetty_transport_native_epoll_aarch_64.so"))
                    .isNotNull();
        }
    }
}
