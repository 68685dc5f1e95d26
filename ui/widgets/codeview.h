#pragma once

#include <QPlainTextEdit>

#include <memory>

namespace pilothouse {

/// Read-only text in the code font, coloured by KSyntaxHighlighting ("SQL", "YAML", "Bash",
/// "JSON").
class CodeView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    explicit CodeView(QWidget *parent = nullptr);
    ~CodeView() override;

    /// An unknown language leaves the text plain.
    void setCode(const QString &text, const QString &language);

private:
    void restyle();
    void colour();

    struct Highlighting;
    std::unique_ptr<Highlighting> m_highlighting;
    QString m_language;
};

} // namespace pilothouse
