#pragma once

#include "pipeline/doctor/shellcommand.h"

namespace pilothouse {

/// Reads one script; used once, by readShell.
class ShellReader
{
public:
    ShellReader(const QString &script, Position from, int nested);
    [[nodiscard]] QList<ShellCommand> read();

private:
    [[nodiscard]] QChar peek(qsizetype ahead = 0) const;
    [[nodiscard]] bool startsWith(QLatin1String text) const;
    void skip(qsizetype count = 1);
    void skipComment();
    void readOperator();
    void readRedirection(const QString &sign);
    void skipHereDocuments();
    [[nodiscard]] ShellWord readWord();
    void takeQuoted(ShellWord &word);
    void takeExpression(ShellWord &word);
    void takeSubstitution(ShellWord &word);
    void addWord(const ShellWord &word);
    void endCommand(ShellCommand::Then then);

    const QString &m_script;
    qsizetype m_at = 0;
    Position m_place;
    int m_nested = 0;
    int m_loops = 0;
    ShellCommand m_command;
    QStringList m_hereDocuments; ///< ends of those that begin after this line
    QList<ShellCommand> m_commands;
};

} // namespace pilothouse
