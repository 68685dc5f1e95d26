#include "ui/widgets/codeview.h"

#include "ui/widgets/theme.h"

#include <KSyntaxHighlighting/Definition>
#include <KSyntaxHighlighting/Repository>
#include <KSyntaxHighlighting/SyntaxHighlighter>
#include <KSyntaxHighlighting/Theme>

namespace pilothouse {
namespace {

/// The definitions cost 20 ms to index: once for the program, and not before there is code to show.
KSyntaxHighlighting::Repository &repository()
{
    static KSyntaxHighlighting::Repository repository;
    return repository;
}

} // namespace

struct CodeView::Highlighting
{
    explicit Highlighting(QTextDocument *document) : highlighter(document) {}
    KSyntaxHighlighting::SyntaxHighlighter highlighter;
};

CodeView::CodeView(QWidget *parent) : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setFrameShape(QFrame::NoFrame);
    setLineWrapMode(QPlainTextEdit::NoWrap);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(&Theme::instance(), &Theme::changed, this, &CodeView::restyle);
    restyle();
}

CodeView::~CodeView() = default;

void CodeView::setCode(const QString &text, const QString &language)
{
    if (!m_highlighting && !text.isEmpty()) {
        m_highlighting = std::make_unique<Highlighting>(document());
        colour();
    }
    if (m_highlighting && language != m_language) {
        m_language = language;
        m_highlighting->highlighter.setDefinition(repository().definitionForName(language));
    }
    if (text != toPlainText())
        setPlainText(text);
}

void CodeView::colour()
{
    m_highlighting->highlighter.setTheme(repository().defaultTheme(
        Theme::instance().isDark() ? KSyntaxHighlighting::Repository::DarkTheme
                                   : KSyntaxHighlighting::Repository::LightTheme));
    m_highlighting->highlighter.rehighlight();
}

void CodeView::restyle()
{
    const Theme &theme = Theme::instance();
    setFont(theme.codeFont());
    QPalette colors = palette();
    colors.setColor(QPalette::Base, theme.color(ColorRole::CodeBackground));
    colors.setColor(QPalette::Text, theme.color(ColorRole::CodeText));
    setPalette(colors);
    if (m_highlighting)
        colour();
}

} // namespace pilothouse
