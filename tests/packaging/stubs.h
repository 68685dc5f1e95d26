#pragma once

#include "packaging/checkout.h"

/// A program that keeps with what it was started, and as which process; it ends as soon as NAME.end
/// is there, with the code that stands in it, and with the test's folder.
inline QByteArray waiting(const QByteArray &first)
{
    return "#!/bin/bash\nprintf '%s\\n' \"$@\" >\"$0.arguments\"\n" + first
           + "\necho $$ >\"$0.new\" && mv \"$0.new\" \"$0.pid\"\n"
             "until [[ -e $0.end || ! -e $0 ]]; do sleep 0.05; done\nexit \"$(<\"$0.end\")\"\n";
}

/// A checkout whose set-up and build do nothing, as on a machine where all is done, and whose built
/// programs are stubs.
class BuiltCheckout : public Checkout
{
public:
    BuiltCheckout()
    {
        write("packaging/setup", "#!/bin/sh\ntouch \"$(dirname \"$0\")/was-set-up\"\n");
        write("build/build.ninja", "");
        write("bin/cmake", "#!/bin/sh\n");
        write("bin/ninja", "#!/bin/sh\nprintf '%s\\n' \"$@\" >\"$0.arguments\"\n");
        write(console, waiting(""));
        write(sandbox, waiting("while (($#)); do [[ $1 != --dir ]] || dir=$2; shift; done\n"
                               "echo 'the world turns' >&2\n"
                               "printf '{\"control\":\"http://127.0.0.1:1\",\"workspace\":"
                               "\"%s/pilothouse.yaml\"}\\n' \"$dir\""));
        write("build/bin/pilothouse-cli", "#!/bin/sh\necho \"cli $*\"\n");
        write("build/bin/pilothouse-tour", "#!/bin/sh\necho \"tour $* $QT_QPA_PLATFORM\"\n");
        set("DISPLAY", QStringLiteral(":0"));
        environment.remove(QStringLiteral("WAYLAND_DISPLAY"));
    }

    [[nodiscard]] QString script() const { return path("packaging/run"); }
    [[nodiscard]] bool wasSetUp() const { return QFile::exists(path("packaging/was-set-up")); }

    static constexpr auto console = "build/bin/pilothouse";
    static constexpr auto sandbox = "build/bin/pilothouse-sandbox";
};
