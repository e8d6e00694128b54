BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
    $key = [Security.Cryptography.ECDsa]::Create()
    $request = [Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=Devices', $key, 'SHA256')
    $request.CertificateExtensions.Add([Security.Cryptography.X509Certificates.X509BasicConstraintsExtension]::new($true, $false, 0, $true))
    $root = $request.CreateSelfSigned([DateTimeOffset]::UtcNow, [DateTimeOffset]::UtcNow.AddDays(1))
    $file = "$($lab.Folder)/ca.pem"
    [IO.File]::WriteAllText($file, $root.ExportCertificatePem())
}

AfterAll { Stop-Lab $lab }

Describe 'New-AccessCertificate' {
    It 'adds an authority once, and none with -WhatIf' {
        New-AccessCertificate devices $file ssh.example.test -WhatIf | Should -BeNullOrEmpty
        Get-AccessCertificate | Should -BeNullOrEmpty
        $made = New-AccessCertificate devices $file ssh.example.test
        (New-AccessCertificate devices $file ssh.example.test).Id | Should -Be $made.Id
    }
}
