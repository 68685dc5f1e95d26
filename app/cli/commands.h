#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

namespace pilothouse {

/// What the program ends with.
enum class ExitCode {
    Fine = 0,
    Findings = 1, ///< something is wrong with what was looked at
    Usage = 2,    ///< the command cannot be understood, or its file cannot be read
};

/// One word that may stand behind the program's name. Not called Command: base has one, to start
/// programs with, and two types of one name in one program end in each other's constructors.
struct CliCommand
{
    QString name;
    QString usage; ///< what stands behind the name
    int (*run)(const QStringList &arguments) = nullptr;
};

/// Every command there is; a new one is a line here.
[[nodiscard]] const QList<CliCommand> &commands();

/// Runs the command that the first argument names, with the arguments behind it; says how the
/// program is used if there is none of that name.
[[nodiscard]] int runCommand(const QStringList &arguments);

/// To standard output.
void print(const QString &text);
/// As one line, which programs read.
void printJson(const QJsonObject &object);
void printJson(const QJsonArray &array);
/// To standard error.
void complain(const QString &sentence);

/// Complains and says how the command is used.
[[nodiscard]] int misused(const QString &command, const QString &sentence);

} // namespace pilothouse
