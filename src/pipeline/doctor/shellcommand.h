#pragma once

#include "document/position.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

namespace pilothouse {

/// One word of a command. `${{ … }}` and `$(…)` are kept as they are written.
struct ShellWord
{
    QString text; ///< without quotes and backslashes
    QString raw;  ///< as written
    Position at;  ///< in the script: 1-based line and column

    bool operator==(const ShellWord &) const = default;
};

/// "> file", ">> file": where the output of a command goes, or its input comes from.
struct ShellRedirection
{
    QString sign;
    ShellWord target;

    bool operator==(const ShellRedirection &) const = default;
};

/// One simple command of a script.
struct ShellCommand
{
    enum class Then {
        Next, ///< a new line, ";" or "&"
        And,
        Or,
        Pipe,
        Nothing, ///< it is the last one
    };

    QList<ShellWord> assignments; ///< "NAME=value" before the program, or alone
    QList<ShellWord> words;       ///< the program and what it is given
    QList<ShellRedirection> redirections;
    Then then = Then::Nothing;
    QString program;  ///< what runs, without its folder: "helm"; empty for assignments alone
    int wrappers = 0; ///< how many words only run the rest: "sudo", "poetry run", "python -m"
    int loops = 0;    ///< how many for, while and until loops it stands in
    int nested = 0;   ///< how many "$(…)" it stands in

    /// The command without its wrappers.
    [[nodiscard]] QList<ShellWord> effective() const { return words.mid(wrappers); }
    /// It runs `name` with these words behind it, in this order, options aside: "helm upgrade".
    [[nodiscard]] bool runs(const QString &name, const QStringList &verbs = {}) const;
    /// The word of this text, or the first that begins with it and "=".
    [[nodiscard]] std::optional<ShellWord> option(const QString &name) const;
    /// What stands behind each "--name=" or after each "--name".
    [[nodiscard]] QList<ShellWord> values(const QString &name) const;
    [[nodiscard]] Position at() const;
    /// Fills in `program` and `wrappers` from the words.
    void findProgram();

    bool operator==(const ShellCommand &) const = default;
};

/// The commands of a script in the order in which they stand, one inside "$(…)" before the one
/// around it. Reads what people write into workflow steps; comments and here-documents are left
/// out. Never fails: what it does not understand are words.
[[nodiscard]] QList<ShellCommand> readShell(const QString &script);

} // namespace pilothouse
