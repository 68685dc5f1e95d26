#pragma once

#include <QSize>
#include <QWidget>

namespace pilothouse {

/// The window itself, there at once: the layout with grey bars while the rest of the program is
/// still being loaded, then what it is filled with. Knows nothing of a workspace, so that nothing
/// has to be loaded before it paints. GUI thread.
class FrameWindow final : public QWidget
{
    Q_OBJECT

public:
    static constexpr QSize startSize{1360, 880};

    explicit FrameWindow(QWidget *parent = nullptr);

    /// Shows the content in place of the bars. Its title becomes the window's, and it answers
    /// whether the window may close. Once; the content must be destroyed before the window.
    void fill(QWidget &content);

Q_SIGNALS:
    /// The bars were painted: time to load the rest. Once, and only while nothing fills it.
    void barsPainted();

protected:
    void paintEvent(QPaintEvent *event) override;
    void closeEvent(QCloseEvent *event) override;

private:
    QWidget *m_content = nullptr;
    bool m_painted = false;
};

} // namespace pilothouse
