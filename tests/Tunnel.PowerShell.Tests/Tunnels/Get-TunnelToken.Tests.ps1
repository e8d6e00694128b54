BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelToken' {
    It 'gives a SecureString, and text when asked' {
        New-Tunnel home | Get-TunnelToken | Should -BeOfType securestring
        $text = Get-TunnelToken home -AsPlainText
        [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($text)) | Should -Match '"t":'
    }
}
