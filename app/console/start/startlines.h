#pragma once

#include "app/console/start/machine.h"
#include "ui/widgets/theme.h"

#include <QStringList>

namespace pilothouse {

/// One thing that a first start looks for: what was found, what is missing, and what can be done
/// about it.
struct StartLine
{
    enum class Act {
        None, ///< still being looked for: no button
        OpenClone,
        ChooseClone,
        CopyContext,
        ChooseKubeconfig,
        LookAgain,
        AskSignIn,
        SignIn,
        OpenLoginPage,
        CancelSignIn,
        ShowInstalling
    };

    Tone tone = Tone::Neutral;
    QString icon;
    QString headline;
    QString sentence;
    Act act = Act::None;
    QString button;
    QString spoken;       ///< the button's name where its text stands alone
    QStringList targets;  ///< what the button does it with; several = one is chosen from a menu
    QString current = {}; ///< the one of them that is marked
};

/// A program of a vendor that signs in to it.
enum class VendorProgram { Gh, Gcloud };

[[nodiscard]] QString nameOf(VendorProgram program);

struct VendorState
{
    enum class State {
        Missing,
        There,
        Asking,
        SignedIn,
        SignedOut,
        SigningIn,
        Unknown
    } state
        = State::Missing;
    QString why = {};  ///< the sentence of SignedOut and of Unknown; what SigningIn's program said
    QString page = {}; ///< that SigningIn's program named
};

[[nodiscard]] StartLine lookingForClone();
[[nodiscard]] StartLine lookingForKubeconfig();
[[nodiscard]] StartLine lookingFor(VendorProgram program);

/// `around` is the folder that was looked in; `home` is written as ~.
[[nodiscard]] StartLine lineOf(const std::optional<FoundClone> &clone, const QString &around,
                               const QString &home);
[[nodiscard]] StartLine lineOf(const FoundKubeconfig &kubeconfig, const QString &home);
[[nodiscard]] StartLine lineOf(VendorProgram program, const VendorState &state);

/// What a track's `control` takes to name a context.
[[nodiscard]] QString contextKeys(const FoundKubeconfig &kubeconfig, const QString &context);

} // namespace pilothouse
